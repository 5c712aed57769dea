package dev.partywall.http;

import java.util.regex.Pattern;

/**
 * Redacts tokens in text that quotes a request. Clients must send a token only in the Authorization
 * field. A token sent elsewhere by mistake must not appear in a response or a log line.
 */
public final class TokenRedaction {
  /** The base64url encoding of the start of a token's JSON header, percent-encoded or not. */
  private static final Pattern TOKEN = Pattern.compile("(?:e|%65)(?:y|%79)(?:J|%4[Aa])[^/\\s]*");

  private TokenRedaction() {}

  /** Returns the text with {@code [token]} in place of everything that resembles a token. */
  public static String redact(String text) {
    return text.indexOf('J') < 0 && text.indexOf("%4") < 0
        ? text // without the third character of a token, as almost every path
        : TOKEN.matcher(text).replaceAll("[token]");
  }
}
