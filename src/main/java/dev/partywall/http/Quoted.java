package dev.partywall.http;

import java.util.regex.Pattern;

/**
 * What a caller sent, when it is told to him again or written down. A token belongs into one field
 * of the header alone; one that is sent elsewhere by mistake must be in no answer and in no log.
 */
public final class Quoted {
  /** How the JSON of a token's header begins in base64url, be it percent-encoded or not. */
  private static final Pattern TOKEN = Pattern.compile("(?:e|%65)(?:y|%79)(?:J|%4[Aa])[^/\\s]*");

  private Quoted() {}

  /** The text, with {@code [token]} for whatever looks like one. */
  public static String of(String text) {
    return TOKEN.matcher(text).replaceAll("[token]");
  }
}
