package dev.partywall.identity;

import dev.partywall.concurrent.Periodic;
import dev.partywall.identity.Issuer.Callers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trusted issuers and their keys. The {@code iss} claim of a token selects one of them. */
public final class TrustedIssuers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrustedIssuers.class);

  /** The interval between checks for due refreshes. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  private final IssuerDocuments documents;
  private final Map<String, IssuerKeys> byName = new LinkedHashMap<>();
  private volatile @Nullable Periodic refreshing;

  /** Trusts these issuers. Sends no request before {@link #start}. */
  public TrustedIssuers(List<Issuer> issuers, InstantSource clock) {
    this(issuers, clock, FetchTimes.DEFAULT);
  }

  TrustedIssuers(List<Issuer> issuers, InstantSource clock, FetchTimes times) {
    documents = new IssuerDocuments(times.document());
    for (var issuer : issuers) {
      byName.put(issuer.name(), new IssuerKeys(issuer, documents, times, clock));
    }
  }

  /** Starts fetching and refreshing keys in the background. Returns immediately. */
  public void start() {
    refreshing = Periodic.startNow(LOG, "issuer-keys", () -> POLL_INTERVAL, this::startRefresh);
  }

  /** Returns the status of each issuer, in configuration order. */
  public List<IssuerStatus> status() {
    return byName.values().stream().map(IssuerKeys::status).toList();
  }

  /**
   * Returns whether tenants' tokens can be verified: the keys of at least one issuer of tenants'
   * users were fetched.
   */
  public boolean ready() {
    return byName.values().stream()
        .filter(keys -> keys.issuer().callers() == Callers.TENANT_USERS)
        .anyMatch(keys -> keys.status().ready());
  }

  @Override
  public void close() {
    var task = refreshing;
    if (task != null) {
      task.stop();
    }
    documents.close();
  }

  Optional<IssuerKeys> keysOf(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  private void startRefresh() {
    var _ = refresh();
  }

  /** Starts all due fetches. The future completes when they have ended. */
  CompletableFuture<Void> refresh() {
    var fetches = byName.values().stream().map(IssuerKeys::refresh);
    return CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new));
  }
}
