package dev.partywall.attack;

import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.LocalToken;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tokens of trusted issuers for tenants that these issuers must not assert. One tenant names an
 * issuer of its own ({@link AttackFixture#NAMING_TENANT}); the attacker and the target name none. A
 * key of another issuer is sent under an id that the claimed issuer publishes, because an unknown
 * id waits for a fetch.
 */
final class IssuerAttacks {
  private static final String UNREGISTERED = "unregistered";

  private IssuerAttacks() {}

  static final List<AttackCase> ALL =
      List.of(
          attack(
              "issuer: named by another tenant, target's order",
              scene -> ApiRequest.get(scene.targetPath()),
              scene -> ofNamedIssuer(scene, scene.target().name())),
          attack(
              "issuer: named by another tenant, order of the target deleted",
              scene -> ApiRequest.of("DELETE", scene.targetPath()),
              scene -> ofNamedIssuer(scene, scene.target().name())),
          attack(
              "issuer: named by another tenant, new order",
              _ -> newOrder(),
              scene -> ofNamedIssuer(scene, scene.target().name())),
          attack(
              "issuer: named by another tenant, tenant",
              _ -> ApiRequest.get("/tenant"),
              scene -> ofNamedIssuer(scene, scene.target().name())),
          attack(
              "issuer: named by another tenant, unregistered tenant",
              _ -> ApiRequest.get("/orders"),
              scene -> ofNamedIssuer(scene, UNREGISTERED)),
          attack(
              "issuer: not named by the tenant",
              _ -> ApiRequest.get("/tenant"),
              scene -> scene.fixture().tokens().of(AttackFixture.NAMING_TENANT, "alice")),
          attack(
              "issuer: not named by the tenant, new order",
              _ -> newOrder(),
              scene -> scene.fixture().tokens().of(AttackFixture.NAMING_TENANT, "alice")),
          attack(
              "issuer: named iss, key of another issuer",
              _ -> ApiRequest.get("/tenant"),
              scene ->
                  cached(
                      scene,
                      "named iss",
                      () ->
                          of(scene.fixture(), scene.fixture().issuer(), AttackFixture.NAMING_TENANT)
                              .claim("iss", scene.fixture().namedIssuer().name())
                              .header("kid", scene.fixture().namedIssuer().key().id())
                              .signedBy(scene.fixture().issuer().key()))),
          attack(
              "issuer: iss of the others, named issuer's key",
              _ -> ApiRequest.get("/orders"),
              scene ->
                  cached(
                      scene,
                      "named key " + scene.target().name(),
                      () ->
                          of(scene.fixture(), scene.fixture().namedIssuer(), scene.target().name())
                              .claim("iss", scene.fixture().issuer().name())
                              .header("kid", scene.fixture().issuer().key().id())
                              .signedBy(scene.fixture().namedIssuer().key()))),
          attack(
              "issuer: operators' issuer asserts the target",
              scene -> ApiRequest.get(scene.targetPath()),
              scene ->
                  cached(
                      scene,
                      "operators' issuer " + scene.target().name(),
                      () ->
                          of(
                                  scene.fixture(),
                                  scene.fixture().operatorIssuer(),
                                  scene.target().name())
                              .signedBy(scene.fixture().operatorIssuer().key()))));

  private static AttackCase attack(
      String kind, Function<AttackScene, ApiRequest> request, Function<AttackScene, String> token) {
    return AttackCase.of(kind, 401, scene -> request.apply(scene).withToken(token.apply(scene)));
  }

  private static ApiRequest newOrder() {
    return ApiRequest.of("POST", "/orders").withJson(SeededTenant.plainOrderJson());
  }

  private static String ofNamedIssuer(AttackScene scene, String tenant) {
    return ofNamedIssuer(scene.fixture(), tenant);
  }

  /** Returns a token of the issuer that one tenant names, for any tenant. */
  static String ofNamedIssuer(AttackFixture fixture, String tenant) {
    var issuer = fixture.namedIssuer();
    return fixture
        .tokens()
        .cached("named " + tenant, () -> of(fixture, issuer, tenant).signedBy(issuer.key()));
  }

  private static String cached(AttackScene scene, String name, Supplier<String> token) {
    return scene.fixture().tokens().cached(name, token);
  }

  /** Returns a token that is only invalid because of its issuer or its key. */
  private static LocalToken of(AttackFixture fixture, LocalOidcIssuer issuer, String tenant) {
    return issuer
        .token(tenant, SeededTenant.COMMON_USER, AttackTokens.ALL_SCOPES)
        .claim("exp", fixture.tokens().end());
  }
}
