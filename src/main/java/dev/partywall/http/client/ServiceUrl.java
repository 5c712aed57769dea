package dev.partywall.http.client;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * The rule for the URLs of other services. A connection must be https, or http on loopback, to
 * exclude tampering in transit.
 */
public final class ServiceUrl {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private ServiceUrl() {}

  /**
   * Parses a configured URL.
   *
   * @throws IllegalArgumentException with the violated rule and the URL
   */
  public static URI parse(String text) {
    var uri = uri(text);
    if (uri.getHost() == null || !(isHttps(uri) || isHttpOnLoopback(uri))) {
      throw new IllegalArgumentException("must be https (or http on loopback): " + text);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("must not contain a query, fragment or user: " + text);
    }
    return uri;
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a URL: " + text, e);
    }
  }

  /** Returns whether a connection to this URL is encrypted. */
  public static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** Returns whether a connection to this URL, which has a host, stays on this machine. */
  public static boolean isHttpOnLoopback(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.matcher(uri.getHost()).matches();
  }
}
