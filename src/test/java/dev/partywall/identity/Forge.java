package dev.partywall.identity;

import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates invalid tokens from valid ones. Their signature is valid unless it is the fault. */
final class Forge {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  final Gatehouse gatehouse;
  private final List<WrongToken> tokens = new ArrayList<>();

  Forge(Gatehouse gatehouse) {
    this.gatehouse = gatehouse;
  }

  List<WrongToken> made() {
    return List.copyOf(tokens);
  }

  /** Returns a valid token, unsigned; its key is {@link Pairs#RSA}. */
  LocalToken right() {
    return gatehouse.token().header("kid", Pairs.RSA.id());
  }

  long now() {
    return gatehouse.clock.instant().getEpochSecond();
  }

  /** Adds a token with the given text. */
  void text(String name, Rejection reason, String text) {
    tokens.add(new WrongToken(name, reason, text));
  }

  /** Adds the valid token after a change, with a valid signature. */
  void changed(String name, Rejection reason, UnaryOperator<LocalToken> change) {
    text(name, reason, signed(change.apply(right())));
  }

  /** Adds the valid token with one claim changed. */
  void claim(String name, Rejection reason, String claim, @Nullable Object value) {
    changed(name, reason, token -> token.claim(claim, value));
  }

  /** Adds the valid token with one header parameter changed. */
  void header(String name, Rejection reason, String parameter, @Nullable Object value) {
    changed(name, reason, token -> token.header(parameter, value));
  }

  /** Adds a token with the given claims text and a valid signature. */
  void claimsText(String name, Rejection reason, String json) {
    claimsBytes(name, reason, json.getBytes(StandardCharsets.UTF_8));
  }

  void claimsBytes(String name, Rejection reason, byte[] json) {
    var header = right().headerJson().getBytes(StandardCharsets.UTF_8);
    text(name, reason, LocalToken.compact(header, json, rs256(Pairs.RSA)));
  }

  /** Adds a token with the given header text and a valid signature. */
  void headerText(String name, Rejection reason, String json) {
    headerBytes(name, reason, json.getBytes(StandardCharsets.UTF_8));
  }

  void headerBytes(String name, Rejection reason, byte[] json) {
    var claims = right().claimsJson().getBytes(StandardCharsets.UTF_8);
    text(name, reason, LocalToken.compact(json, claims, rs256(Pairs.RSA)));
  }

  /** Adds a token signed by the given function. */
  void signature(String name, Rejection reason, LocalToken token, UnaryOperator<byte[]> signer) {
    text(name, reason, LocalToken.compact(token.headerJson(), token.claimsJson(), signer));
  }

  /** Signs with RS256, whatever algorithm the header names. */
  static String signed(LocalToken token) {
    var signer = rs256(Pairs.RSA);
    return LocalToken.compact(token.headerJson(), token.claimsJson(), signer);
  }

  static UnaryOperator<byte[]> rs256(LocalKey key) {
    return input -> key.sign("RS256", input);
  }

  /**
   * Returns the part with an unused trailing bit set.
   *
   * @throws IllegalArgumentException if a part of this length has no unused bits
   */
  static String stray(String part) {
    if (part.length() % 4 < 2) {
      throw new IllegalArgumentException("This part has no unused bits");
    }
    var last = ALPHABET.indexOf(part.charAt(part.length() - 1));
    return part.substring(0, part.length() - 1) + ALPHABET.charAt(last | 1);
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }
}
