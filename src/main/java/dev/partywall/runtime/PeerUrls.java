package dev.partywall.runtime;

import dev.partywall.http.client.ServiceUrl;
import dev.partywall.service.Offering;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads the URLs of peers from {@code PARTYWALL_PEERS}: {@code name=URL,…}. Peers that the service
 * does not call are permitted, because several services can share one configuration.
 */
final class PeerUrls {
  private static final String VARIABLE = "PARTYWALL_PEERS";

  private PeerUrls() {}

  /**
   * Returns the base URL of each peer, without a slash at its end.
   *
   * @param service the name of this service
   * @param declared the peers that the service calls
   */
  static Map<String, URI> read(Environment env, String service, Set<String> declared) {
    var urls = new LinkedHashMap<String, URI>();
    for (var peer : env.parsed(VARIABLE, env.list(VARIABLE, ""), PeerUrls::parse)) {
      if (urls.putIfAbsent(peer.getKey(), peer.getValue()) != null) {
        env.fault(VARIABLE, "must not name a service twice: " + peer.getKey());
      }
    }
    declared.stream()
        .filter(name -> !urls.containsKey(name))
        .sorted()
        .forEach(name ->
            env.fault(VARIABLE, "must name the service " + name + ", which " + service + " calls"));
    return urls;
  }

  private static Map.Entry<String, URI> parse(String entry) {
    var parts = entry.split("=", 2);
    if (parts.length < 2 || !Offering.isName(parts[0])) {
      throw new IllegalArgumentException("must be name=URL with the name of a service: " + entry);
    }
    var url = ServiceUrl.parse(parts[1]).toString();
    return Map.entry(parts[0], URI.create(url.replaceFirst("/+$", "")));
  }
}
