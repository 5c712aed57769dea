package dev.partywall.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A token under construction. Nothing is validated. */
public record LocalToken(
    Map<String, @Nullable Object> header, Map<String, @Nullable Object> claims) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

  /** Returns this token with a header parameter set; {@code null} becomes JSON {@code null}. */
  public LocalToken header(String name, @Nullable Object value) {
    return new LocalToken(with(header, name, value), claims);
  }

  /** Returns this token without a header parameter. */
  public LocalToken withoutHeader(String name) {
    return new LocalToken(without(header, name), claims);
  }

  /** Returns this token with a claim set; {@code null} becomes JSON {@code null}. */
  public LocalToken claim(String name, @Nullable Object value) {
    return new LocalToken(header, with(claims, name, value));
  }

  /** Returns this token without a claim. */
  public LocalToken withoutClaim(String name) {
    return new LocalToken(header, without(claims, name));
  }

  /** Returns the compact form, signed with the algorithm that the header names. */
  public String signedBy(LocalKey key) {
    var algorithm = String.valueOf(header.get("alg"));
    return compact(headerJson(), claimsJson(), input -> key.sign(algorithm, input));
  }

  public String headerJson() {
    return json(header);
  }

  public String claimsJson() {
    return json(claims);
  }

  /** Returns a compact token of two arbitrary strings. */
  public static String compact(String header, String claims, UnaryOperator<byte[]> signer) {
    return compact(
        header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8), signer);
  }

  /** Returns a compact token of arbitrary bytes. */
  public static String compact(byte[] header, byte[] claims, UnaryOperator<byte[]> signer) {
    var input = BASE64URL.encodeToString(header) + '.' + BASE64URL.encodeToString(claims);
    var signature = signer.apply(input.getBytes(StandardCharsets.US_ASCII));
    return input + '.' + BASE64URL.encodeToString(signature);
  }

  private static String json(Map<String, @Nullable Object> members) {
    try {
      return JSON.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    var changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    return Collections.unmodifiableMap(changed);
  }

  private static Map<String, @Nullable Object> without(
      Map<String, @Nullable Object> members, String name) {
    var changed = new LinkedHashMap<>(members);
    changed.remove(name);
    return Collections.unmodifiableMap(changed);
  }
}
