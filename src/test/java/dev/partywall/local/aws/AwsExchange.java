package dev.partywall.local.aws;

import com.sun.net.httpserver.HttpExchange;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** Converts one exchange from and to the classes of the HTTP server. */
final class AwsExchange {
  /** The limit of DynamoDB. */
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private final HttpExchange exchange;

  AwsExchange(HttpExchange exchange) {
    this.exchange = exchange;
  }

  AwsRequest readRequest() throws IOException {
    var uri = exchange.getRequestURI();
    return new AwsRequest(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        uri.getRawQuery() == null ? "" : uri.getRawQuery(),
        headers(),
        body(),
        exchange.getRemoteAddress().getAddress().getHostAddress());
  }

  private Map<String, List<String>> headers() {
    var headers = new HashMap<String, List<String>>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .addAll(values));
    return headers;
  }

  private byte[] body() throws IOException {
    // The end of a body must be unambiguous, or its rest would be parsed as the next request.
    if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      close();
      throw new AwsFault(AwsErrorCode.SERIALIZATION, "A body with a Content-Length is required");
    }
    var body = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      close();
      throw new AwsFault(AwsErrorCode.TOO_LARGE, "Request must be smaller than 16777216 bytes");
    }
    return body;
  }

  private void close() {
    exchange.getResponseHeaders().set("Connection", "close");
  }

  void respond(AwsResponse answer, String requestId) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    headers.set("x-amzn-RequestId", requestId);
    headers.set("x-amz-crc32", crc32(answer.body()));
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    try (var out = exchange.getResponseBody()) {
      out.write(answer.body());
    }
  }

  private static String crc32(byte[] body) {
    var crc = new CRC32();
    crc.update(body);
    return String.valueOf(crc.getValue());
  }
}
