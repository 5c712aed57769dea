package dev.partywall.tenancy.features;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.Tiers;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates the features of the bound tenant through OpenFeature. A feature is off if its
 * evaluation fails. Safe for use by concurrent threads.
 */
public final class Features implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Features.class);

  private final OpenFeatureAPI api;
  private final Client client;
  private final SortedSet<String> names;
  private final LongAdder errors = new LongAdder();

  private Features(OpenFeatureAPI api, SortedSet<String> names) {
    this.api = api;
    this.client = api.getClient();
    this.names = names;
  }

  /**
   * Initializes the provider, and waits for it.
   *
   * @param tiers determine the tier in the evaluation context
   * @param names the declared features
   * @throws dev.openfeature.sdk.exceptions.OpenFeatureError if the provider cannot be initialized
   */
  public static Features open(FeatureProvider provider, Tiers tiers, Collection<String> names) {
    // Several services can run in one process, so none may use the global instance.
    var api = OpenFeatureAPI.createIsolated();
    api.setTransactionContextPropagator(new BoundTenantContext(tiers));
    try {
      api.setProviderAndWait(provider);
    } catch (RuntimeException e) {
      api.shutdown();
      throw e;
    }
    return new Features(api, Collections.unmodifiableSortedSet(new TreeSet<>(names)));
  }

  /** Returns whether a feature is on for the bound tenant; false if no tenant is bound. */
  public boolean isOn(String name) {
    // Another provider may not notice that no tenant is bound.
    if (!TenantContext.isBound()) {
      return failed(name, "no tenant is bound");
    }
    var details = client.getBooleanDetails(name, false);
    return details.getErrorCode() == null
        ? Boolean.TRUE.equals(details.getValue())
        : failed(name, details.getErrorMessage());
  }

  private boolean failed(String name, String reason) {
    errors.increment();
    LOG.debug("Evaluation of feature {} failed: {}", name, reason);
    return false;
  }

  /** Returns each declared feature, and whether it is on for the bound tenant. */
  public SortedMap<String, Boolean> all() {
    var all = new TreeMap<String, Boolean>();
    names.forEach(name -> all.put(name, isOn(name)));
    return all;
  }

  /** Returns the number of failed evaluations. */
  public long errors() {
    return errors.sum();
  }

  /** Shuts the provider down. */
  @Override
  public void close() {
    api.shutdown();
  }
}
