package dev.partywall.identity;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * An issuer that is trusted, by the name that its tokens have to carry letter by letter (OpenID
 * Connect Discovery, section 4). It comes from the configuration, never from a token.
 */
public record Issuer(String name) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /** Refuses what is no URL of an issuer; the message says why. */
  public Issuer {
    var uri = parse(name);
    if (uri.getHost() == null || !(isHttps(uri) || isLoopback(uri))) {
      throw new IllegalArgumentException(
          "an issuer is an https URL (http only for loopback): " + name);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("an issuer's URL has no query, fragment or user: " + name);
    }
  }

  /** Where it describes itself. */
  URI discovery() {
    var base = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /** Whether keys from there can be believed: nobody on the way may change them. */
  boolean mayKeepKeysAt(URI keys) {
    return keys.getHost() != null
        && keys.getUserInfo() == null
        && (isHttps(keys) || (isLoopback(keys) && isLoopback(URI.create(name))));
  }

  private static URI parse(String name) {
    try {
      return URI.create(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a URL: " + name, e);
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isLoopback(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.matcher(uri.getHost()).matches();
  }
}
