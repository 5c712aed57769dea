package dev.partywall.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.utils.StringInputStream;

/**
 * A hand-written call, signed by the SDK's own signer. Tests send it unchanged or tamper with it.
 */
final class RawCall {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length", "connection");

  private final URI endpoint;
  private final String service;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private String body;
  private String region = House.REGION;
  private Clock clock = Clock.systemUTC();
  private String query = "";

  private RawCall(URI endpoint, String service, String body) {
    this.endpoint = endpoint;
    this.service = service;
    this.body = body;
  }

  static RawCall dynamo(URI endpoint, String operation, String body) {
    return new RawCall(endpoint, "dynamodb", body)
        .with("X-Amz-Target", "DynamoDB_20120810." + operation)
        .with("Content-Type", "application/x-amz-json-1.0");
  }

  static RawCall sts(URI endpoint, String body) {
    return new RawCall(endpoint, "sts", body)
        .with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  }

  RawCall with(String header, String... values) {
    headers.put(header, new ArrayList<>(List.of(values)));
    return this;
  }

  RawCall without(String header) {
    headers.remove(header);
    return this;
  }

  RawCall body(String other) {
    body = other;
    return this;
  }

  RawCall at(Clock signing) {
    clock = signing;
    return this;
  }

  RawCall scopedTo(String elsewhere) {
    region = elsewhere;
    return this;
  }

  RawCall query(String text) {
    query = text;
    return this;
  }

  String header(String name) {
    return headers.get(name).getFirst();
  }

  /** Signs the current headers and body. */
  RawCall signed(AwsCredentials credentials) {
    return signed(credentials, service);
  }

  RawCall signed(AwsCredentials credentials, String signedService) {
    var request =
        SdkHttpRequest.builder()
            .uri(endpoint.resolve("/"))
            .method(SdkHttpMethod.POST)
            .headers(headers)
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(s ->
                s.identity(credentials)
                    .request(request)
                    .payload(() -> new StringInputStream(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signedService)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock));
    headers.clear();
    headers.putAll(signed.request().headers());
    return this;
  }

  HttpResponse<String> send() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(endpoint.resolve("/" + query)).POST(BodyPublishers.ofString(body));
    headers.forEach((name, values) -> {
      if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
        values.forEach(value -> request.header(name, value));
      }
    });
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** Returns the error type of a response without its namespace; empty if the call succeeded. */
  static String error(HttpResponse<String> response) throws IOException {
    if (response.statusCode() == 200) {
      return "";
    }
    var type = json(response).path("__type").asText();
    return type.substring(type.indexOf('#') + 1);
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
