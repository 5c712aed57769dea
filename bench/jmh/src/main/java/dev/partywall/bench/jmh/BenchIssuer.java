package dev.partywall.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.TokenPolicy;
import dev.partywall.identity.TrustedIssuers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An OIDC issuer on loopback, with one key per algorithm. The key id is the algorithm. */
public final class BenchIssuer implements AutoCloseable {
  private static final String CLAIMS =
      """
      {"iss":"%s","sub":"user-7","aud":"orders-api","tenant_id":"acme","tenant_tier":"premium",\
      "scope":"orders:read orders:write","iat":%d,"exp":%d,"jti":"acme-user-7"}\
      """;

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final HttpServer server;
  private final String name;
  private final List<TrustedIssuers> trusting = new ArrayList<>();
  private final Map<Algorithm, KeyPair> keys = new EnumMap<>(Algorithm.class);

  /** Starts the issuer on a free port. */
  public BenchIssuer() throws IOException, GeneralSecurityException {
    for (var algorithm : Algorithm.values()) {
      keys.put(algorithm, algorithm.generateKeyPair());
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    name = "http://127.0.0.1:" + server.getAddress().getPort();
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/jwks\"}".formatted(name));
    serve(
        "/jwks",
        keys.keySet().stream()
            .map(algorithm -> jwk(algorithm).toJSONString())
            .collect(Collectors.joining(",", "{\"keys\":[", "]}")));
    server.start();
  }

  /** Returns the service's view of this issuer, with its keys fetched. Closed with the issuer. */
  public TrustedIssuers trustedIssuers() throws InterruptedException {
    var issuers =
        new TrustedIssuers(
            List.of(new Issuer(name, Issuer.Callers.TENANT_USERS)), InstantSource.system());
    trusting.add(issuers);
    issuers.start();
    var deadline = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    while (!issuers.ready()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no keys within " + FETCH_TIMEOUT);
      }
      Thread.sleep(POLL_INTERVAL);
    }
    return issuers;
  }

  /** Returns the policy that the tokens of this issuer satisfy. */
  public static TokenPolicy policy() {
    return new TokenPolicy(
        Set.of("orders-api"),
        Set.of(),
        List.of("tenant_id", "custom:tenant_id"),
        List.of("tenant_tier", "custom:tenant_tier"),
        Duration.ofDays(1),
        Optional.empty());
  }

  /** Returns a token that is valid for two hours. */
  public String token(Algorithm algorithm) throws GeneralSecurityException {
    var now = Instant.now().getEpochSecond();
    var header =
        "{\"alg\":\"%1$s\",\"kid\":\"%1$s\",\"typ\":\"JWT\"}".formatted(algorithm.jwsName());
    var claims = CLAIMS.formatted(name, now, now + 7_200);
    var signingInput = Base64URL.encode(header) + "." + Base64URL.encode(claims);
    return signingInput
        + "."
        + Base64URL.encode(algorithm.sign(keys.get(algorithm), signingInput.getBytes(UTF_8)));
  }

  /** Returns the key that verifies the tokens of this algorithm. */
  public PublicKey publicKey(Algorithm algorithm) {
    return keys.get(algorithm).getPublic();
  }

  /** Returns the public key as published in the key set. */
  public JWK jwk(Algorithm algorithm) {
    var id = algorithm.jwsName();
    return switch (publicKey(algorithm)) {
      case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(id).build();
      case ECPublicKey ec -> new ECKey.Builder(Curve.P_256, ec).keyID(id).build();
      // RFC 8410: the JDK's encoding ends with the 32 bytes.
      case PublicKey ed ->
          new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(last32(ed.getEncoded())))
              .keyID(id)
              .build();
    };
  }

  private static byte[] last32(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
  }

  private void serve(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          var body = json.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Override
  public void close() {
    trusting.forEach(TrustedIssuers::close);
    server.stop(0);
  }
}
