package dev.partywall.identity;

import dev.partywall.http.client.ServiceUrl;
import java.net.URI;

/**
 * A trusted issuer. The {@code iss} claim of its tokens must equal its name exactly (OpenID Connect
 * Discovery, section 4). The name comes from the configuration, never from a token.
 *
 * @param callers the callers to which the issuer issues tokens, as configured
 */
public record Issuer(String name, Callers callers) {
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
    var _ = ServiceUrl.parse(name);
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
        && (ServiceUrl.isHttps(keys)
            || (ServiceUrl.isHttpOnLoopback(keys)
                && ServiceUrl.isHttpOnLoopback(URI.create(name))));
  }
}
