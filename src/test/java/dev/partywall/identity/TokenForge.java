package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import dev.partywall.local.LocalKey;
import dev.partywall.local.LocalToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates invalid tokens from valid ones. Their signature is valid unless it is the fault. */
final class TokenForge {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  final AuthenticationFixture fixture;
  private final List<InvalidToken> tokens = new ArrayList<>();

  TokenForge(AuthenticationFixture fixture) {
    this.fixture = fixture;
  }

  List<InvalidToken> invalidTokens() {
    return List.copyOf(tokens);
  }

  /** Returns a valid token, unsigned; its key is {@link KeyPairs#RSA}. */
  LocalToken validToken() {
    return fixture.token().header("kid", KeyPairs.RSA.id());
  }

  long now() {
    return fixture.clock.instant().getEpochSecond();
  }

  /** Adds a token with the given text. */
  void addText(String name, TokenRejection reason, String text) {
    tokens.add(new InvalidToken(name, reason, text));
  }

  /** Adds the valid token after a change, with a valid signature. */
  void addChanged(String name, TokenRejection reason, UnaryOperator<LocalToken> change) {
    addText(name, reason, signed(change.apply(validToken())));
  }

  /** Adds a valid operator's token after a change, signed by the issuer of operators. */
  void addOperators(String name, TokenRejection reason, UnaryOperator<LocalToken> change) {
    var token = change.apply(fixture.operatorToken("tenants:read"));
    addText(name, reason, token.signedBy(KeyPairs.OPERATORS));
  }

  /** Adds the valid token with one claim changed. */
  void addWithClaim(String name, TokenRejection reason, String claim, @Nullable Object value) {
    addChanged(name, reason, token -> token.claim(claim, value));
  }

  /** Adds the valid token with one header parameter changed. */
  void addWithHeader(String name, TokenRejection reason, String parameter, @Nullable Object value) {
    addChanged(name, reason, token -> token.header(parameter, value));
  }

  /** Adds a token with the given claims text and a valid signature. */
  void addWithClaimsText(String name, TokenRejection reason, String json) {
    addWithClaimsBytes(name, reason, json.getBytes(StandardCharsets.UTF_8));
  }

  void addWithClaimsBytes(String name, TokenRejection reason, byte[] json) {
    var header = validToken().headerJson().getBytes(StandardCharsets.UTF_8);
    addText(name, reason, LocalToken.compact(header, json, rs256(KeyPairs.RSA)));
  }

  /** Adds a token with the given header text and a valid signature. */
  void addWithHeaderText(String name, TokenRejection reason, String json) {
    addWithHeaderBytes(name, reason, json.getBytes(StandardCharsets.UTF_8));
  }

  void addWithHeaderBytes(String name, TokenRejection reason, byte[] json) {
    var claims = validToken().claimsJson().getBytes(StandardCharsets.UTF_8);
    addText(name, reason, LocalToken.compact(json, claims, rs256(KeyPairs.RSA)));
  }

  /** Adds a token signed by the given function. */
  void addWithSignature(
      String name, TokenRejection reason, LocalToken token, UnaryOperator<byte[]> signer) {
    addText(name, reason, LocalToken.compact(token.headerJson(), token.claimsJson(), signer));
  }

  /** Signs with RS256, whatever algorithm the header names. */
  static String signed(LocalToken token) {
    var signer = rs256(KeyPairs.RSA);
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
  static String withUnusedBit(String part) {
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
