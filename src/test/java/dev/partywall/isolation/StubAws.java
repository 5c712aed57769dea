package dev.partywall.isolation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.ServerSettings;
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

/** An endpoint that notes what it gets and answers what a test wants. It checks nothing. */
final class StubAws implements AutoCloseable {
  /** What came: the body, and who signed it. */
  record Call(String body, String authorization) {
    /** A form's fields, as STS gets them. */
    Map<String, String> form() {
      return Stream.of(body.split("&"))
          .map(field -> field.split("=", 2))
          .collect(Collectors.toMap(it -> decoded(it[0]), it -> decoded(it[1])));
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
  }

  record Answer(int status, String type, String body) {}

  final List<Call> calls = new CopyOnWriteArrayList<>();
  volatile Function<Call, Answer> answers;
  private final HttpServer server;

  StubAws(Function<Call, Answer> answers) {
    this.answers = answers;
    ServerSettings.install();
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
      var call = new Call(body, exchange.getRequestHeaders().getFirst("Authorization"));
      calls.add(call);
      var answer = answers.apply(call);
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** STS's answer to AssumeRole. */
  static Answer assumed(String token, String expiration) {
    return new Answer(
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

  /** STS's way to say no. */
  static Answer stsError(int status, String code) {
    return new Answer(
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

  /** DynamoDB's way to say no. */
  static Answer dynamoError(String code) {
    return new Answer(
        400,
        "application/x-amz-json-1.0",
        "{\"__type\":\"com.amazon.coral.service#%s\",\"message\":\"no\"}".formatted(code));
  }

  /** What DynamoDB says of an item that is not there, and of a transaction that went well. */
  static Answer empty() {
    return new Answer(200, "application/x-amz-json-1.0", "{}");
  }
}
