package dev.partywall.bench.stub;

import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An OIDC issuer: discovery, keys, and tokens for the asking, signed RS256 with 2,048 bits, or
 * ES256 where that is asked for.
 */
final class Issuer {
  private static final long SECONDS = 7_200;

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

  /** One token. */
  String token(Question question) {
    return token(usual, question.parameter("tenant", "acme"), question.parameter("user", "alice"));
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
    var now = Instant.now().getEpochSecond();
    var claims =
        """
        {"iss":"%s","sub":"%s","aud":"orders-api","tenant_id":"%s","tenant_tier":"premium",\
        "scope":"orders:read orders:write","iat":%d,"exp":%d,"jti":"%s-%s"}\
        """
            .formatted(address, user, tenant, now, now + SECONDS, tenant, user);
    return key.sign(claims);
  }
}
