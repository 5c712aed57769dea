package dev.partywall.attack;

import dev.partywall.local.LocalToken;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Requests to every operators' route of the service with each kind of token but the right one. */
final class OperatorRouteAttacks {
  private static final String SCOPES = "tenants:read tenants:admin";
  private static final String SUBJECT = "olga";

  private OperatorRouteAttacks() {}

  /** A kind of token that no operators' route accepts. */
  private record WrongToken(String kind, int status, Function<AttackScene, String> token) {
    AttackCase on(DescribedRoute route) {
      return AttackCase.of(
          route.label() + ": " + kind,
          status,
          scene -> {
            var value = token.apply(scene);
            var request = route.request(scene);
            return value.isEmpty() ? request : request.withToken(value);
          });
    }
  }

  private static final List<WrongToken> TOKENS =
      List.of(
          new WrongToken("tenant's", 403, AttackScene::token),
          new WrongToken(
              "tenant's, operators' scopes",
              403,
              scene -> tokens(scene).of(scene.attacker().name(), SeededTenant.COMMON_USER, SCOPES)),
          new WrongToken("none", 401, _ -> ""),
          forged(
              "untrusted issuer",
              scene ->
                  operator(scene)
                      .claim("iss", "https://untrusted.example")
                      .header("kid", scene.fixture().untrustedKey().id())
                      .signedBy(scene.fixture().untrustedKey())),
          forged(
              "operators' iss, untrusted key",
              scene ->
                  operator(scene)
                      .signedBy(
                          scene
                              .fixture()
                              .untrustedKey()
                              .withId(scene.fixture().operatorIssuer().key().id()))),
          forged(
              "operators' iss, tenants' key",
              scene -> operator(scene).signedBy(scene.fixture().issuer().key())),
          forged(
              "tenants' issuer, no tenant",
              scene -> tokens(scene).sign(scene.fixture().issuer().operatorToken(SUBJECT, SCOPES))),
          new WrongToken(
              "operator of the target",
              401,
              scene -> ofOperatorWith(scene, "tenant_id", scene.target().name())),
          new WrongToken(
              "operator of the attacker",
              401,
              scene -> ofOperatorWith(scene, "custom:tenant_id", scene.attacker().name())),
          forged(
              "operator, other audience",
              scene -> tokens(scene).signAsOperators(operator(scene).claim("client_id", "other"))),
          forged(
              "operator, expired",
              scene ->
                  tokens(scene)
                      .signAsOperators(
                          operator(scene).claim("exp", 1_700_000_000).claim("iat", 1))));

  /** Returns the attacks on those routes that are for operators. */
  static List<AttackCase> on(List<DescribedRoute> routes) {
    return routes.stream()
        .filter(DescribedRoute::isForOperators)
        .flatMap(OperatorRouteAttacks::withHead)
        .flatMap(route -> TOKENS.stream().map(token -> token.on(route)))
        .toList();
  }

  /** A GET route serves HEAD requests. */
  private static Stream<DescribedRoute> withHead(DescribedRoute route) {
    return route.method().equals("GET")
        ? Stream.of(route, route.withMethod("HEAD"))
        : Stream.of(route);
  }

  /** A forged token that is the same in every scene. */
  private static WrongToken forged(String kind, Function<AttackScene, String> token) {
    return new WrongToken(
        kind, 401, scene -> tokens(scene).cached("forged " + kind, () -> token.apply(scene)));
  }

  private static String ofOperatorWith(AttackScene scene, String claim, String tenant) {
    return tokens(scene)
        .cached(
            "operator " + claim + " " + tenant,
            () -> tokens(scene).signAsOperators(operator(scene).claim(claim, tenant)));
  }

  private static LocalToken operator(AttackScene scene) {
    return tokens(scene).unsignedOperator(SCOPES);
  }

  private static AttackTokens tokens(AttackScene scene) {
    return scene.fixture().tokens();
  }
}
