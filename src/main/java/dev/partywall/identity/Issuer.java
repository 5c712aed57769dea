package dev.partywall.identity;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A trusted issuer. The {@code iss} claim of its tokens must equal its name exactly (OpenID Connect
 * Discovery, section 4). The name comes from the configuration, never from a token.
 *
 * @param callers the callers to which the issuer issues tokens, as configured
 */
public record Issuer(String name, Callers callers) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  /** The callers to which an issuer issues tokens. */
  public enum Callers {
    /** Users of tenants; their tokens name a tenant. */
    TENANT_USERS,
    /** Operators of the service; their tokens name no tenant. */
    OPERATORS
  }

  /**
   * Checks the issuer URL.
   *
   * @throws IllegalArgumentException if the name is not a valid issuer URL
   */
  public Issuer {
    var uri = parse(name);
    if (uri.getHost() == null || !(isHttps(uri) || isLoopback(uri))) {
      throw new IllegalArgumentException("must be https (or http on loopback): " + name);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("must not contain a query, fragment or user: " + name);
    }
  }

  /** Returns the URL of the discovery document. */
  URI discoveryUri() {
    var base = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return URI.create(base + "/.well-known/openid-configuration");
  }

  /**
   * Returns whether keys may be fetched from this URL. The connection must be https, or loopback
   * for an issuer on loopback, to exclude tampering in transit.
   */
  boolean allowsKeysAt(URI keys) {
    return keys.getHost() != null
        && keys.getUserInfo() == null
        && (isHttps(keys) || (isLoopback(keys) && isLoopback(URI.create(name))));
  }

  private static URI parse(String name) {
    try {
      return URI.create(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a URL: " + name, e);
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isLoopback(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.matcher(uri.getHost()).matches();
  }
}
