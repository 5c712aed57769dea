package dev.partywall.bench.stub;

import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An OIDC issuer: discovery, keys, and tokens for the asking, signed RS256 with 2,048 bits, or
 * ES256 where that is asked for.
 */
final class Issuer {
  private static final String SECONDS = "7200";
  private static final String AUDIENCE = "orders-api";
  private static final String SCOPE = "orders:read orders:write";

  private final String address;
  private final SigningKey usual = SigningKey.rs256();
  private final SigningKey quick = SigningKey.es256();

  Issuer(String address) {
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
    return "{\"keys\":[" + usual.jwk() + "," + quick.jwk() + "]}";
  }

  /** One token; {@code aud}, {@code scope} and {@code seconds} make it one that does not hold. */
  String token(Question question) {
    var seconds = Long.parseLong(question.parameter("seconds", SECONDS));
    return usual.sign(
        claims(
            question.parameter("tenant", "acme"),
            question.parameter("user", "alice"),
            question.parameter("aud", AUDIENCE),
            question.parameter("scope", SCOPE),
            seconds));
  }

  /**
   * A token of every user of so many tenants, one a line; {@code from} is the first tenant's
   * number, and {@code step} says how far the next one's is from it. All processors sign.
   *
   * <p>Tenants whose names begin with {@code slow-} are those to whom {@link Dynamo} is slow.
   */
  String tokens(Question question) {
    var from = Integer.parseInt(question.parameter("from", "0"));
    var step = Integer.parseInt(question.parameter("step", "1"));
    var tenants = Integer.parseInt(question.parameter("tenants", "1"));
    var users = Integer.parseInt(question.parameter("users", "1"));
    var prefix = question.parameter("prefix", "tenant-");
    var key = question.parameter("alg", "RS256").equals("ES256") ? quick : usual;
    return IntStream.range(0, tenants * users)
        .parallel()
        .mapToObj(n -> token(key, prefix + (from + n % tenants * step), "user-" + n / tenants))
        .collect(Collectors.joining("\n"));
  }

  private String token(SigningKey key, String tenant, String user) {
    return key.sign(claims(tenant, user, AUDIENCE, SCOPE, Long.parseLong(SECONDS)));
  }

  /** Issued just now, or, where {@code seconds} are over, as long before that. */
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
