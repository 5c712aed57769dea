package dev.partywall.service;

import dev.partywall.storage.Ids;
import dev.partywall.storage.Meter;
import dev.partywall.storage.TenantTable;
import java.time.InstantSource;

/**
 * The kernel as a capability sees it: the tenant's table, the clock, and declarations.
 *
 * <p>The kernel is inert until {@link Capability#of} has returned: until then, every call of the
 * table throws {@link IllegalStateException}. Afterwards the declarations are complete: a later
 * declaration throws {@link IllegalStateException}. A name that is invalid or declared twice throws
 * {@link IllegalArgumentException}, which stops the start.
 */
public interface Kernel {
  /** Returns the table of the bound tenant. */
  TenantTable table();

  /**
   * Declares a collection of items. An import accepts only declared collections, and a write to
   * another one throws {@link IllegalStateException}. If a capability of the service declares none,
   * each valid name is permitted.
   *
   * @param name the collection of the items' keys: a lower-case letter, then up to 31 of {@code
   *     [a-z0-9-]}
   * @return the name
   */
  String collection(String name);

  /** Returns the clock that every part of the service uses. */
  InstantSource clock();

  /** Returns the generator of ids that sort by time and are unpredictable. */
  Ids ids();

  /**
   * Declares a meter. Each write that names it is counted exactly and is part of the tenant's
   * usage.
   *
   * @param name the name in usage reports and price lists: a lower-case letter, then up to 31
   *     letters and digits
   */
  Meter meter(String name);

  /**
   * Declares a feature, which is on or off for each tenant. The tiers file and a tenant's overrides
   * take precedence over the declaration.
   *
   * @param name the name in both: a lower-case letter, then up to 31 of {@code [a-z0-9-]}
   * @param onInTiers the tiers in which the feature is on
   */
  Feature feature(String name, String... onInTiers);

  /**
   * Declares a setting, which an environment variable provides.
   *
   * @param variable the name of the variable in upper case; names that start with {@code
   *     PARTYWALL_} or {@code AWS_} are reserved
   * @param help one sentence for {@code --help}
   */
  Setting setting(String variable, String help);

  /**
   * Declares a counter for the metrics page.
   *
   * @param name the Prometheus name without the suffix {@code _total}; names that start with {@code
   *     partywall_}, {@code http_}, {@code db_}, {@code rpc_} or {@code jvm_} are reserved
   * @param help one sentence for the metrics page
   */
  Counter counter(String name, String help);

  /**
   * Declares that this service calls another one. {@code PARTYWALL_PEERS} must name it, or the
   * service does not start.
   *
   * @param name the name of the other service: a lower-case letter, then up to 31 of {@code
   *     [a-z0-9-]}
   */
  Peer service(String name);
}
