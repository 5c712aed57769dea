package dev.partywall.attack;

import dev.partywall.local.LocalToken;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Attempts to reach the target by an operator's route, and by an operator's token. */
final class OperatorAttacks {
  private static final String SCOPES = "tenants:read tenants:admin";

  private OperatorAttacks() {}

  static final List<AttackCase> ALL =
      List.of(
          AttackCase.of(
              "operator's route: tenant's token",
              403,
              scene -> scene.get(itemOf(scene.target(), scene))),
          AttackCase.of(
              "operator's route: tenant's token, own tenant",
              403,
              scene -> scene.get(itemOf(scene.attacker(), scene))),
          AttackCase.of(
              "operator's route: tenant's token with operator's scopes",
              403,
              scene -> get(scene).withToken(scoped(scene))),
          AttackCase.of(
              "operator's route: change by a tenant's token",
              403,
              scene ->
                  ApiRequest.of("PUT", itemOf(scene.target(), scene)).withToken(scoped(scene))),
          AttackCase.of(
              "operator's route: wrong method, tenant's token",
              403,
              scene ->
                  ApiRequest.of("DELETE", itemOf(scene.target(), scene)).withToken(scoped(scene))),
          AttackCase.of(
              "operator's route: at the target's host",
              403,
              scene ->
                  get(scene)
                      .withToken(scoped(scene))
                      .withHost(scene.target().name() + "." + AttackFixture.TENANT_DOMAIN)),
          forged(
              "operator's route: operators' iss, tenants' key",
              scene ->
                  scene
                      .fixture()
                      .tokens()
                      .sign(
                          ofUser(scene)
                              .claim("iss", scene.fixture().operatorIssuer().name())
                              .header("kid", scene.fixture().operatorIssuer().key().id()))),
          forged(
              "operator's route: tenants' issuer, no tenant",
              scene -> scene.fixture().tokens().sign(ofUser(scene).withoutClaim("tenant_id"))),
          forged(
              "operator's route: operator with the target's id",
              scene ->
                  scene
                      .fixture()
                      .tokens()
                      .signAsOperators(
                          scene
                              .fixture()
                              .tokens()
                              .unsignedOperator(SCOPES)
                              .claim("tenant_id", scene.target().name()))),
          limited(
              "operator's token: order of the target",
              403,
              scene -> ApiRequest.get(scene.targetPath()).withToken(ofOperator(scene))),
          limited(
              "operator's token: orders at the target's host",
              403,
              scene ->
                  ApiRequest.get("/orders")
                      .withToken(ofOperator(scene))
                      .withHost(scene.target().name() + "." + AttackFixture.TENANT_DOMAIN)),
          limited(
              "operator's token: usage",
              403,
              scene -> ApiRequest.get("/usage").withToken(ofOperator(scene))),
          limited(
              "operator: the tenant's own description",
              403,
              scene -> ApiRequest.get("/tenant").withToken(ofOperator(scene))),
          limited(
              "operator's token: two tenants in one request",
              409,
              scene ->
                  ApiRequest.get(
                          "/admin/%s/then/%s/order/%s"
                              .formatted(
                                  scene.attacker().name(),
                                  scene.target().name(),
                                  scene.targetOrder()))
                      .withToken(ofOperator(scene))));

  /** A request of an operator, which can exceed the limits that all operators share. */
  private static AttackCase limited(
      String kind, int status, Function<AttackScene, ApiRequest> request) {
    return new AttackCase(kind, Set.of(status, 429), request);
  }

  private static AttackCase forged(String kind, Function<AttackScene, String> token) {
    return AttackCase.of(kind, 401, scene -> get(scene).withToken(token.apply(scene)));
  }

  private static ApiRequest get(AttackScene scene) {
    return ApiRequest.get(itemOf(scene.target(), scene));
  }

  /** Returns the path of an order of the target, as an item of the given tenant. */
  static String itemOf(SeededTenant tenant, AttackScene scene) {
    return "/admin/" + tenant.name() + "/order/" + scene.targetOrder();
  }

  private static LocalToken ofUser(AttackScene scene) {
    return scene
        .fixture()
        .tokens()
        .unsigned(scene.attacker().name(), SeededTenant.COMMON_USER, SCOPES);
  }

  private static String scoped(AttackScene scene) {
    return scene.fixture().tokens().of(scene.attacker().name(), SeededTenant.COMMON_USER, SCOPES);
  }

  private static String ofOperator(AttackScene scene) {
    return scene.fixture().tokens().ofOperator(SCOPES + " " + AttackTokens.ALL_SCOPES);
  }
}
