package dev.partywall.isolation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.server.ServerProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stub AWS endpoint. It records requests and returns configured responses, without checks. */
final class StubAws implements AutoCloseable {
  /** A recorded request: its body and its signature. */
  record StubAwsRequest(String body, String authorization) {
    /** Returns the form fields of an STS request. */
    Map<String, String> form() {
      return Stream.of(body.split("&"))
          .map(field -> field.split("=", 2))
          .collect(Collectors.toMap(field -> decoded(field[0]), field -> decoded(field[1])));
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
  }

  record StubAwsResponse(int status, String type, String body) {}

  final List<StubAwsRequest> calls = new CopyOnWriteArrayList<>();
  volatile Function<StubAwsRequest, StubAwsResponse> responder;
  private final HttpServer server;

  StubAws(Function<StubAwsRequest, StubAwsResponse> answers) {
    this.responder = answers;
    ServerProperties.install();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var call = new StubAwsRequest(body, exchange.getRequestHeaders().getFirst("Authorization"));
      calls.add(call);
      var response = responder.apply(call);
      var bytes = response.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", response.type());
      exchange.sendResponseHeaders(response.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Returns a response of AssumeRole. */
  static StubAwsResponse assumeRoleResponse(String token, String expiration) {
    return new StubAwsResponse(
        200,
        "text/xml",
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleResult>
            <Credentials>
              <AccessKeyId>ASIASTUB</AccessKeyId>
              <SecretAccessKey>secret</SecretAccessKey>
              <SessionToken>%s</SessionToken>
              <Expiration>%s</Expiration>
            </Credentials>
          </AssumeRoleResult>
          <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>
        </AssumeRoleResponse>
        """
            .formatted(token, expiration));
  }

  /** Returns an error response of STS. */
  static StubAwsResponse stsError(int status, String code) {
    return new StubAwsResponse(
        status,
        "text/xml",
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error>
          <RequestId>r-2</RequestId>
        </ErrorResponse>
        """
            .formatted(code));
  }

  /** Returns an error response of DynamoDB. */
  static StubAwsResponse dynamoError(String code) {
    return new StubAwsResponse(
        400,
        "application/x-amz-json-1.0",
        "{\"__type\":\"com.amazon.coral.service#%s\",\"message\":\"no\"}".formatted(code));
  }

  /** Returns the DynamoDB response for a missing item, and for a successful transaction. */
  static StubAwsResponse emptyResponse() {
    return new StubAwsResponse(200, "application/x-amz-json-1.0", "{}");
  }
}
