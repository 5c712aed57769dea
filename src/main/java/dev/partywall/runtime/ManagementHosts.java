package dev.partywall.runtime;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the host names under which the management port accepts requests. */
final class ManagementHosts {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?");

  private ManagementHosts() {}

  /**
   * Returns the names in {@code PARTYWALL_MANAGEMENT_HOSTS}, and the name that the port listens on,
   * which the command {@code health} uses.
   */
  static Set<String> read(Environment env) {
    var hosts = new LinkedHashSet<String>();
    for (var host : env.list("PARTYWALL_MANAGEMENT_HOSTS", "")) {
      if (NAME.matcher(host).matches()) {
        hosts.add(host);
      } else {
        env.fault(
            "PARTYWALL_MANAGEMENT_HOSTS",
            "must be host names without scheme and port, comma-separated: " + host);
      }
    }
    env.optional("PARTYWALL_MANAGEMENT_HOST").ifPresent(hosts::add);
    return Set.copyOf(hosts);
  }
}
