package dev.partywall.attack;

import dev.partywall.local.LocalToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** With tokens that are not the neighbour's, but look as much like it as can be. */
final class TokenTricks {
  private TokenTricks() {}

  /** Claims signed by the issuer itself, which name the neighbour in some crooked way. */
  private static final List<BiFunction<String, String, Object>> CROOKED =
      List.of(
          (_, them) -> them + "*",
          (_, them) -> them.charAt(0) + "*",
          (_, _) -> "*",
          (_, _) -> "?",
          (_, _) -> "${aws:username}",
          (_, them) -> them + " ",
          (_, them) -> " " + them,
          (_, them) -> them + "\u0000",
          (_, them) -> them + "\n",
          (_, them) -> them + ".0",
          (_, them) -> them + "#order",
          (_, them) -> them + "/../" + them,
          (me, them) -> me + "," + them,
          (me, them) -> List.of(me, them),
          (_, them) -> List.of(them),
          (_, them) -> Map.of("id", them),
          (_, them) -> them.toUpperCase(java.util.Locale.ROOT),
          // Cyrillic, full width, and nothing visible at all.
          (_, them) -> them.replace('a', '\u0430').replace('e', '\u0435').concat("\u200b"),
          (_, them) -> them.replaceFirst("^.", "\uff41"),
          (_, them) -> "\u200d" + them,
          (_, _) -> "");

  static final List<Trick> CLAIMS =
      Stream.concat(
              CROOKED.stream().map(TokenTricks::crooked),
              Stream.of(
                  token(
                      "token: two tenants",
                      s -> good(s).claim("custom:tenant_id", s.them().name())),
                  token("token: no tenant", s -> good(s).noClaim("tenant_id")),
                  token("token: null tenant", s -> good(s).claim("tenant_id", null))))
          .toList();

  static final List<Trick> FORGERIES =
      List.of(
          raw(
              "token: neighbour's, not signed",
              s ->
                  LocalToken.compact(
                      "{\"alg\":\"none\",\"kid\":\"%s\"}".formatted(s.house().issuer().key().id()),
                      theirs(s).claimsJson(),
                      _ -> new byte[0])),
          raw(
              "token: neighbour's, signed by another",
              s -> theirs(s).signedBy(s.house().stranger().named(s.house().issuer().key().id()))),
          raw("token: mine, with the neighbour's claims", TokenTricks::swapped),
          raw(
              "token: neighbour's, of another audience",
              s -> s.house().tokens().signed(theirs(s).claim("client_id", "somebody-else"))),
          raw(
              "token: neighbour's, over",
              s ->
                  s.house()
                      .tokens()
                      .signed(theirs(s).claim("exp", 1_700_000_000).claim("iat", 1))));

  static final List<Trick> SCOPES =
      List.of(
          scope("orders:write", "GET"),
          scope("orders:read", "POST"),
          scope("orders:read", "DELETE"),
          scope("orders:*", "GET"),
          scope("*", "GET"),
          scope("orders", "GET"));

  private static Trick crooked(BiFunction<String, String, Object> claim) {
    return token(
        "token: crooked tenant",
        s -> good(s).claim("tenant_id", claim.apply(s.me().name(), s.them().name())));
  }

  private static Trick token(String kind, Function<Scene, LocalToken> token) {
    return raw(kind, s -> s.house().tokens().signed(token.apply(s)));
  }

  private static Trick raw(String kind, Function<Scene, String> token) {
    return Trick.of(kind, 401, s -> Ask.get("/orders").as(token.apply(s)));
  }

  private static Trick scope(String scope, String method) {
    return Trick.of(
        "token: scope " + scope + ", " + method,
        403,
        s ->
            Ask.of(method, method.equals("POST") ? "/orders" : s.theirPath())
                .as(s.house().tokens().of(s.me().name(), Resident.ALICE, scope)));
  }

  private static LocalToken good(Scene scene) {
    return scene.house().tokens().made(scene.me().name(), Resident.ALICE, Tokens.ALL);
  }

  private static LocalToken theirs(Scene scene) {
    return scene.house().tokens().made(scene.them().name(), Resident.ALICE, Tokens.ALL);
  }

  private static String swapped(Scene scene) {
    var parts = scene.token().split("\\.", -1);
    var claims = theirs(scene).claimsJson().getBytes(StandardCharsets.UTF_8);
    return parts[0]
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(claims)
        + "."
        + parts[2];
  }
}
