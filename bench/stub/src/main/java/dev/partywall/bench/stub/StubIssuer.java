package dev.partywall.bench.stub;

import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An OIDC issuer with discovery, keys, and tokens on request, signed with RS256 (2,048 bits), or
 * with ES256 on request.
 */
final class StubIssuer {
  private static final String DEFAULT_LIFETIME_SECONDS = "7200";
  private static final String AUDIENCE = "orders-api";
  private static final String SCOPE = "orders:read orders:write";

  private final String address;
  private final StubSigningKey rs256 = StubSigningKey.rs256();
  private final StubSigningKey es256 = StubSigningKey.es256();

  StubIssuer(String address) {
    this.address = address;
  }

  String configuration() {
    return """
    {"issuer":"%1$s","jwks_uri":"%1$s/jwks","authorization_endpoint":"%1$s/authorize",\
    "token_endpoint":"%1$s/token","response_types_supported":["code"],\
    "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256","ES256"]}\
    """
        .formatted(address);
  }

  String keys() {
    return "{\"keys\":[" + rs256.jwk() + "," + es256.jwk() + "]}";
  }

  /**
   * Returns one token. The parameters {@code aud}, {@code scope} and {@code seconds} can make it
   * invalid.
   */
  String token(StubRequest request) {
    var seconds = Long.parseLong(request.parameter("seconds", DEFAULT_LIFETIME_SECONDS));
    return rs256.sign(
        claims(
            request.parameter("tenant", "acme"),
            request.parameter("user", "alice"),
            request.parameter("aud", AUDIENCE),
            request.parameter("scope", SCOPE),
            seconds));
  }

  /** Returns the token of an operator, which names no tenant. */
  String operatorToken() {
    var now = Instant.now().getEpochSecond();
    return rs256.sign(
        """
        {"iss":"%s","sub":"olga","aud":"%s","scope":"tenants:read tenants:admin","iat":%d,"exp":%d}\
        """
            .formatted(address, AUDIENCE, now, now + Long.parseLong(DEFAULT_LIFETIME_SECONDS)));
  }

  /**
   * Returns a token for each user of each tenant, one per line. {@code from} is the first tenant's
   * number, and {@code step} the distance to the next. All processors sign in parallel.
   *
   * <p>{@link StubDynamo} is slow for tenants whose names start with {@code slow}, and {@link
   * StubRegistry} derives the tier from the name.
   */
  String tokens(StubRequest request) {
    var from = Integer.parseInt(request.parameter("from", "0"));
    var step = Integer.parseInt(request.parameter("step", "1"));
    var tenants = Integer.parseInt(request.parameter("tenants", "1"));
    var users = Integer.parseInt(request.parameter("users", "1"));
    var prefix = request.parameter("prefix", "tenant-");
    var key = request.parameter("alg", "RS256").equals("ES256") ? es256 : rs256;
    return IntStream.range(0, tenants * users)
        .parallel()
        .mapToObj(n -> token(key, prefix + (from + n % tenants * step), "user-" + n / tenants))
        .collect(Collectors.joining("\n"));
  }

  private String token(StubSigningKey key, String tenant, String user) {
    return key.sign(
        claims(tenant, user, AUDIENCE, SCOPE, Long.parseLong(DEFAULT_LIFETIME_SECONDS)));
  }

  /** The token is issued now, or twice {@code seconds} in the past if they are negative. */
  private String claims(String tenant, String user, String audience, String scope, long seconds) {
    var now = Instant.now().getEpochSecond();
    return """
    {"iss":"%s","sub":"%s","aud":"%s","tenant_id":"%s","tenant_tier":"premium",\
    "scope":"%s","iat":%d,"exp":%d,"jti":"%s-%s"}\
    """
        .formatted(
            address,
            user,
            audience,
            tenant,
            scope,
            now + Math.min(0, 2 * seconds),
            now + seconds,
            tenant,
            user);
  }
}
