package dev.partywall.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.ServerProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An OIDC issuer on loopback, for tests and for the local stack: a discovery document, keys that
 * are made anew at each start, and tokens for the asking, in the shape of Amazon Cognito's access
 * tokens. Tests may change its keys, replace any of its answers and count who asked.
 */
public final class LocalIssuer implements AutoCloseable {
  /** The client that its tokens are made for; the service's audience. */
  public static final String AUDIENCE = "partywall-local";

  /** Where it describes itself. */
  public static final String DISCOVERY = "/.well-known/openid-configuration";

  /** Where its keys are. */
  public static final String KEYS = "/.well-known/jwks.json";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final InstantSource clock;
  private final Map<String, HttpHandler> replaced = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private volatile List<Map<String, Object>> published = List.of();
  private volatile LocalKey signing;

  private LocalIssuer(int port, InstantSource clock, LocalKey key) throws IOException {
    this.clock = clock;
    // The service may run in this JVM too, and its settings count only if they come first.
    ServerProperties.install();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    signing = key;
    publish(key);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts one on that port; 0 takes a free one. */
  public static LocalIssuer start(int port, InstantSource clock) throws IOException {
    return start(port, clock, newKey());
  }

  /** Starts one that signs with that key at first, for tests that have no time to make another. */
  public static LocalIssuer start(int port, InstantSource clock, LocalKey key) throws IOException {
    return new LocalIssuer(port, clock, key);
  }

  /** Starts one on a free port. */
  public static LocalIssuer start() throws IOException {
    return start(0, InstantSource.system());
  }

  /** Its name, which is its URL. */
  public String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The key that it signs with. */
  public LocalKey key() {
    return signing;
  }

  /** Signs with a new key from now on; the one before stays published. */
  public LocalKey rotate() {
    var before = published;
    signing = newKey();
    var now = new ArrayList<>(before);
    now.add(signing.jwk());
    published = List.copyOf(now);
    return signing;
  }

  /** Publishes these keys, and no others. */
  public void publish(LocalKey... keys) {
    publish(List.of(keys).stream().map(LocalKey::jwk).toList());
  }

  /** Publishes these JSON Web Keys, and no others. */
  public void publish(List<Map<String, Object>> keys) {
    published = List.copyOf(keys);
  }

  /** Answers so on that path, until it is {@linkplain #restore restored}. */
  public void replace(String path, HttpHandler handler) {
    replaced.put(path, handler);
  }

  /** Hangs up on whoever asks, until it is {@linkplain #restore restored}. */
  public void goAway() {
    replace(DISCOVERY, HttpExchange::close);
    replace(KEYS, HttpExchange::close);
  }

  /** Answers as an issuer should again. */
  public void restore() {
    replaced.clear();
  }

  /** How often that path was asked for. */
  public int requests(String path) {
    return requests.getOrDefault(path, new AtomicInteger()).get();
  }

  /** A token as {@code GET /token} makes it, before it is signed by {@link #key}. */
  public LocalToken token(String tenant, String user, String scope) {
    return token(new TokenRequest(tenant, user, Optional.of(scope), Optional.empty(), 3600));
  }

  private LocalToken token(TokenRequest request) {
    var header = new LinkedHashMap<String, @Nullable Object>();
    header.put("kid", signing.id());
    header.put("alg", "RS256");
    var now = clock.instant().getEpochSecond();
    var claims = new LinkedHashMap<String, @Nullable Object>();
    claims.put("iss", name());
    claims.put("sub", request.user());
    claims.put("client_id", AUDIENCE);
    claims.put("token_use", "access");
    claims.put("tenant_id", request.tenant());
    request.tier().ifPresent(tier -> claims.put("tenant_tier", tier));
    request.scope().ifPresent(scope -> claims.put("scope", scope));
    claims.put("iat", Math.min(now, now + request.seconds()));
    claims.put("exp", now + request.seconds());
    claims.put("jti", UUID.randomUUID().toString());
    return new LocalToken(header, claims);
  }

  private static LocalKey newKey() {
    return LocalKey.rsa("local-" + UUID.randomUUID(), 2048);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    requests.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
    // Unread, even an empty body makes the server close a connection that the caller goes on using.
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    try (exchange) {
      replaced.getOrDefault(path, this::answerAsItShould).handle(exchange);
    }
  }

  private void answerAsItShould(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      send(exchange, 405, "text/plain", "only GET\n");
      return;
    }
    switch (exchange.getRequestURI().getPath()) {
      case DISCOVERY ->
          send(exchange, 200, "application/json", JSON.writeValueAsString(discovery()));
      case KEYS ->
          send(
              exchange,
              200,
              "application/json",
              JSON.writeValueAsString(Map.of("keys", published)));
      case "/token" -> sendToken(exchange);
      default -> send(exchange, 404, "text/plain", "there is " + DISCOVERY + " and /token\n");
    }
  }

  private void sendToken(HttpExchange exchange) throws IOException {
    var query = exchange.getRequestURI().getRawQuery();
    try {
      var request = TokenRequest.parse(query == null ? "" : query);
      send(exchange, 200, "text/plain", token(request).signedBy(signing));
    } catch (IllegalArgumentException e) {
      send(exchange, 400, "text/plain", e.getMessage() + "\n");
    }
  }

  private Map<String, Object> discovery() {
    var document = new LinkedHashMap<String, Object>();
    document.put("issuer", name());
    document.put("jwks_uri", name() + KEYS);
    document.put("token_endpoint", name() + "/token");
    document.put("response_types_supported", List.of("token"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    return document;
  }

  /** Sends a whole answer. */
  public static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
