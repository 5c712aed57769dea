package dev.partywall.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.server.ServerProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
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
 * An OIDC issuer on the loopback interface, for tests and the local stack. It serves a discovery
 * document and keys generated at each start. {@code GET /token} returns tokens in the format of
 * Amazon Cognito's access tokens. Tests can change its keys, replace its responses and count
 * requests.
 */
public final class LocalOidcIssuer implements AutoCloseable {
  /** The client id in the tokens; the service's audience. */
  public static final String AUDIENCE = "partywall-local";

  /** The path of the discovery document. */
  public static final String DISCOVERY = "/.well-known/openid-configuration";

  /** The path of the key set. */
  public static final String KEYS = "/.well-known/jwks.json";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final String path;
  private final InstantSource clock;
  private final Map<String, HttpHandler> replacements = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> requestCounts = new ConcurrentHashMap<>();
  private volatile List<Map<String, Object>> published = List.of();
  private volatile LocalKey signing;

  private LocalOidcIssuer(HttpServer server, String path, InstantSource clock, LocalKey key) {
    this.server = server;
    this.path = path;
    this.clock = clock;
    signing = key;
    publish(key);
    server.createContext(path + "/", this::respond);
  }

  /** Starts an issuer on {@code port}; 0 picks a free port. */
  public static LocalOidcIssuer start(int port, InstantSource clock) throws IOException {
    return start(port, clock, newKey());
  }

  /**
   * Starts an issuer that initially signs with {@code key}. Reusing a key avoids the cost of
   * generating one.
   */
  public static LocalOidcIssuer start(int port, InstantSource clock, LocalKey key)
      throws IOException {
    // The service may run in this JVM. Its settings only take effect before the first server
    // starts.
    ServerProperties.install();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var issuer = new LocalOidcIssuer(server, "", clock, key);
    server.start();
    return issuer;
  }

  /** Starts an issuer on a free port. */
  public static LocalOidcIssuer start() throws IOException {
    return start(0, InstantSource.system());
  }

  /**
   * Adds an issuer of operators' tokens to this server. It has its own key, and ends with this
   * issuer.
   *
   * @param path the path of the issuer, for example {@code /operators}
   */
  public LocalOidcIssuer operators(String path) {
    var key = LocalKey.ec("operators-" + UUID.randomUUID(), "secp256r1");
    return new LocalOidcIssuer(server, path, clock, key);
  }

  /** Ed25519 keys are generated and used in less processor time than RSA keys. */
  private static LocalKey newKey() {
    return LocalKey.edwards("local-" + UUID.randomUUID(), "Ed25519");
  }

  /** Returns the issuer identifier, which is its URL. */
  public String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Returns the current signing key. */
  public LocalKey key() {
    return signing;
  }

  /** Switches to a new signing key. The previous key stays published. */
  public LocalKey rotate() {
    var before = published;
    signing = newKey();
    var now = new ArrayList<>(before);
    now.add(signing.jwk());
    published = List.copyOf(now);
    return signing;
  }

  /** Publishes exactly these keys. */
  public void publish(LocalKey... keys) {
    publish(List.of(keys).stream().map(LocalKey::jwk).toList());
  }

  /** Publishes exactly these JSON Web Keys. */
  public void publish(List<Map<String, Object>> keys) {
    published = List.copyOf(keys);
  }

  /** Handles requests to {@code path} with {@code handler}, until {@link #restore}. */
  public void replaceResponse(String path, HttpHandler handler) {
    replacements.put(path, handler);
  }

  /** Closes each connection without a response, until {@link #restore}. */
  public void dropConnections() {
    replaceResponse(DISCOVERY, HttpExchange::close);
    replaceResponse(KEYS, HttpExchange::close);
  }

  /** Restores the default responses. */
  public void restore() {
    replacements.clear();
  }

  /** Returns the number of requests to {@code path}. */
  public int requestCount(String path) {
    return requestCounts.getOrDefault(path, new AtomicInteger()).get();
  }

  /** Returns an unsigned token with the claims of {@code GET /token}. Sign it with {@link #key}. */
  public LocalToken token(String tenant, String user, String scope) {
    return token(
        new TokenRequest(Optional.of(tenant), user, Optional.of(scope), Optional.empty(), 3600));
  }

  /** Returns an unsigned token without a tenant, of an operator. */
  public LocalToken operatorToken(String user, String scope) {
    return token(
        new TokenRequest(Optional.empty(), user, Optional.of(scope), Optional.empty(), 3600));
  }

  private LocalToken token(TokenRequest request) {
    var header = new LinkedHashMap<String, @Nullable Object>();
    header.put("kid", signing.id());
    header.put("alg", algorithm());
    var now = clock.instant().getEpochSecond();
    var claims = new LinkedHashMap<String, @Nullable Object>();
    claims.put("iss", name());
    claims.put("sub", request.user());
    claims.put("client_id", AUDIENCE);
    claims.put("token_use", "access");
    request.tenant().ifPresent(tenant -> claims.put("tenant_id", tenant));
    request.tier().ifPresent(tier -> claims.put("tenant_tier", tier));
    request.scope().ifPresent(scope -> claims.put("scope", scope));
    claims.put("iat", Math.min(now, now + request.seconds()));
    claims.put("exp", now + request.seconds());
    claims.put("jti", UUID.randomUUID().toString());
    return new LocalToken(header, claims);
  }

  private String algorithm() {
    return switch (signing.keyPair().getPublic()) {
      case ECPublicKey _ -> "ES256";
      case EdECPublicKey _ -> "EdDSA";
      default -> "RS256";
    };
  }

  /** Returns the path of a request below the path of this issuer. */
  private String pathOf(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().substring(path.length());
  }

  private void respond(HttpExchange exchange) throws IOException {
    var requested = pathOf(exchange);
    requestCounts.computeIfAbsent(requested, _ -> new AtomicInteger()).incrementAndGet();
    // If the body is unread, even when empty, the server closes a connection that the client still
    // uses.
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    try (exchange) {
      replacements.getOrDefault(requested, this::respondByDefault).handle(exchange);
    }
  }

  private void respondByDefault(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      send(exchange, 405, "text/plain", "Only GET is supported.\n");
      return;
    }
    switch (pathOf(exchange)) {
      case DISCOVERY ->
          send(exchange, 200, "application/json", JSON.writeValueAsString(discovery()));
      case KEYS ->
          send(
              exchange,
              200,
              "application/json",
              JSON.writeValueAsString(Map.of("keys", published)));
      case "/token" -> sendToken(exchange);
      default ->
          send(
              exchange,
              404,
              "text/plain",
              "Supported paths: " + DISCOVERY + ", " + KEYS + ", /token\n");
    }
  }

  private void sendToken(HttpExchange exchange) throws IOException {
    var query = exchange.getRequestURI().getRawQuery();
    try {
      var request = TokenRequest.parse(query == null ? "" : query, path.isEmpty());
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
    document.put("id_token_signing_alg_values_supported", List.of(algorithm()));
    return document;
  }

  /** Sends a complete response. */
  public static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Stops the server, with every issuer. */
  @Override
  public void close() {
    server.stop(0);
  }
}
