package dev.partywall.operations;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Protects the management port, which requires no token, from pages of other sites in a browser.
 *
 * <p>Accepts only known hosts. A page that rebinds its own domain name to the address of this port
 * (DNS rebinding) would otherwise be of the same origin as the port. An IP address and a loopback
 * name need no entry, because no site can have one as its domain name.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header">Sec-Fetch-Site</a>
 */
public final class ManagementAccess implements Filter {
  /** The values for a page of this port itself, and for an address that the user entered. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final Set<String> hosts;

  /**
   * A host, normalized, and its port, or the empty text if the port is absent.
   *
   * @param host a name in lower case without the dot of the root domain, or an IP literal
   */
  private record HostAndPort(String host, String port) {
    static HostAndPort of(String authority) {
      var colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
      var end = colon < 0 ? authority.length() : colon;
      return new HostAndPort(
          normalized(authority.substring(0, end)), colon < 0 ? "" : authority.substring(colon + 1));
    }

    private static String normalized(String host) {
      var name = host.toLowerCase(Locale.ROOT);
      return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    String portOr(String defaultPort) {
      return port.isEmpty() ? defaultPort : port;
    }

    /** Loopback names are in the domain {@code localhost} (RFC 6761, section 6.3). */
    boolean isLoopbackName() {
      return host.equals("localhost") || host.endsWith(".localhost");
    }

    boolean isAddress() {
      try {
        if (host.startsWith("[") && host.endsWith("]")) {
          Inet6Address.ofLiteral(host.substring(1, host.length() - 1));
        } else {
          Inet4Address.ofLiteral(host);
        }
        return true;
      } catch (IllegalArgumentException _) {
        return false;
      }
    }
  }

  /**
   * Creates the filter.
   *
   * @param hosts the accepted host names besides loopback names and IP addresses, without a port
   */
  public ManagementAccess(Collection<String> hosts) {
    this.hosts =
        hosts.stream().map(HostAndPort::normalized).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Calls {@code next} if the host is known and no other site sent the request. A request without a
   * host is accepted: HTTP/1.0 does not require one, and every browser sends one.
   *
   * @throws ApiException as {@link ApiError.MisdirectedRequest} for an unknown host, or as {@link
   *     ApiError.Forbidden} for a request of another site
   */
  @Override
  public Response filter(Request request, Handler next) {
    var own = HostAndPort.of(request.headers().first("Host").orElse(""));
    if (!isKnown(own)) {
      throw new ApiException(new ApiError.MisdirectedRequest());
    }
    if (isCrossSite(request.headers(), own)) {
      throw new ApiException(new ApiError.Forbidden(ApiError.Forbidden.Reason.CROSS_SITE_REQUEST));
    }
    return next.handle(request);
  }

  private boolean isKnown(HostAndPort own) {
    return own.host().isEmpty()
        || own.isLoopbackName()
        || hosts.contains(own.host())
        || own.isAddress();
  }

  private static boolean isCrossSite(Headers headers, HostAndPort own) {
    return !OWN_SITE.containsAll(headers.all("Sec-Fetch-Site"))
        || headers.all("Origin").stream().anyMatch(origin -> !isOrigin(origin, own));
  }

  /** Returns whether an origin, such as {@code http://localhost:9090}, is this host and port. */
  private static boolean isOrigin(String origin, HostAndPort own) {
    var scheme = origin.startsWith("https://") ? "https://" : "http://";
    if (!origin.startsWith(scheme)) { // null, for example, the origin of a sandboxed page
      return false;
    }
    var defaultPort = scheme.equals("https://") ? "443" : "80";
    var other = HostAndPort.of(origin.substring(scheme.length()));
    return !other.host().isEmpty()
        && other.host().equals(own.host())
        && other.portOr(defaultPort).equals(own.portOr(defaultPort));
  }
}
