package dev.partywall.attack;

import dev.partywall.local.LocalToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Requests with tokens that imitate a token of the target. */
final class TokenAttacks {
  private TokenAttacks() {}

  /** Malformed tenant claims that resemble the target, in tokens signed by the issuer. */
  private static final List<BiFunction<String, String, Object>> MALFORMED =
      List.of(
          (_, target) -> target + "*",
          (_, target) -> target.charAt(0) + "*",
          (_, _) -> "*",
          (_, _) -> "?",
          (_, _) -> "${aws:username}",
          (_, target) -> target + " ",
          (_, target) -> " " + target,
          (_, target) -> target + "\u0000",
          (_, target) -> target + "\n",
          (_, target) -> target + ".0",
          (_, target) -> target + "#order",
          (_, target) -> target + "/../" + target,
          (attacker, target) -> attacker + "," + target,
          (attacker, target) -> List.of(attacker, target),
          (_, target) -> List.of(target),
          (_, target) -> Map.of("id", target),
          (_, target) -> target.toUpperCase(java.util.Locale.ROOT),
          // Cyrillic, full width, and zero-width characters.
          (_, target) -> target.replace('a', '\u0430').replace('e', '\u0435').concat("\u200b"),
          (_, target) -> target.replaceFirst("^.", "\uff41"),
          (_, target) -> "\u200d" + target,
          (_, _) -> "");

  static final List<AttackCase> CLAIMS =
      Stream.concat(
              MALFORMED.stream().map(TokenAttacks::malformed),
              Stream.of(
                  token(
                      "token: two tenants",
                      scene -> validToken(scene).claim("custom:tenant_id", scene.target().name())),
                  token("token: no tenant", scene -> validToken(scene).withoutClaim("tenant_id")),
                  token("token: null tenant", scene -> validToken(scene).claim("tenant_id", null))))
          .toList();

  static final List<AttackCase> FORGERIES =
      List.of(
          raw(
              "token: target's, unsigned",
              scene ->
                  LocalToken.compact(
                      "{\"alg\":\"none\",\"kid\":\"%s\"}"
                          .formatted(scene.fixture().issuer().key().id()),
                      targetToken(scene).claimsJson(),
                      _ -> new byte[0])),
          raw(
              "token: target's, signed with an untrusted key",
              scene ->
                  targetToken(scene)
                      .signedBy(
                          scene
                              .fixture()
                              .untrustedKey()
                              .withId(scene.fixture().issuer().key().id()))),
          raw("token: attacker's, with the target's claims", TokenAttacks::withTargetClaims),
          raw(
              "token: target's, other audience",
              scene ->
                  scene
                      .fixture()
                      .tokens()
                      .sign(targetToken(scene).claim("client_id", "other-client"))),
          raw(
              "token: target's, expired",
              scene ->
                  scene
                      .fixture()
                      .tokens()
                      .sign(targetToken(scene).claim("exp", 1_700_000_000).claim("iat", 1))));

  static final List<AttackCase> SCOPES =
      List.of(
          scope("orders:write", "GET"),
          scope("orders:read", "POST"),
          scope("orders:read", "DELETE"),
          scope("orders:*", "GET"),
          scope("*", "GET"),
          scope("orders", "GET"));

  private static AttackCase malformed(BiFunction<String, String, Object> claim) {
    return token(
        "token: malformed tenant",
        scene ->
            validToken(scene)
                .claim("tenant_id", claim.apply(scene.attacker().name(), scene.target().name())));
  }

  private static AttackCase token(String kind, Function<AttackScene, LocalToken> token) {
    return raw(kind, scene -> scene.fixture().tokens().sign(token.apply(scene)));
  }

  private static AttackCase raw(String kind, Function<AttackScene, String> token) {
    return AttackCase.of(
        kind, 401, scene -> ApiRequest.get("/orders").withToken(token.apply(scene)));
  }

  private static AttackCase scope(String scope, String method) {
    return AttackCase.of(
        "token: scope " + scope + ", " + method,
        403,
        scene ->
            ApiRequest.of(method, method.equals("POST") ? "/orders" : scene.targetPath())
                .withToken(
                    scene
                        .fixture()
                        .tokens()
                        .of(scene.attacker().name(), SeededTenant.COMMON_USER, scope)));
  }

  private static LocalToken validToken(AttackScene scene) {
    return scene
        .fixture()
        .tokens()
        .unsigned(scene.attacker().name(), SeededTenant.COMMON_USER, AttackTokens.ALL_SCOPES);
  }

  private static LocalToken targetToken(AttackScene scene) {
    return scene
        .fixture()
        .tokens()
        .unsigned(scene.target().name(), SeededTenant.COMMON_USER, AttackTokens.ALL_SCOPES);
  }

  private static String withTargetClaims(AttackScene scene) {
    var parts = scene.token().split("\\.", -1);
    var claims = targetToken(scene).claimsJson().getBytes(StandardCharsets.UTF_8);
    return parts[0]
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(claims)
        + "."
        + parts[2];
  }
}
