package dev.partywall.identity;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The trusted issuers and their keys. The {@code iss} claim of a token selects one of them. */
public final class TrustedIssuers implements AutoCloseable {
  /** The interval between checks for due refreshes. */
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** The timeout for one document. Two documents must fit into the request timeout. */
  private static final Duration DOCUMENT_TIMEOUT = Duration.ofSeconds(3);

  private final IssuerDocuments documents;
  private final Map<String, IssuerKeys> byName = new LinkedHashMap<>();
  private volatile @Nullable Thread refresher;

  /** Trusts these issuers. Sends no request before {@link #start}. */
  public TrustedIssuers(List<Issuer> issuers, InstantSource clock) {
    this(issuers, clock, DOCUMENT_TIMEOUT);
  }

  TrustedIssuers(List<Issuer> issuers, InstantSource clock, Duration documentTimeout) {
    documents = new IssuerDocuments(documentTimeout);
    for (var issuer : issuers) {
      byName.put(issuer.name(), new IssuerKeys(issuer, documents, clock));
    }
  }

  /** Starts fetching and refreshing keys in the background. Returns immediately. */
  public void start() {
    refresher = Thread.ofVirtual().name("issuer-keys").start(this::run);
  }

  /** Returns the status of each issuer, in configuration order. */
  public List<IssuerStatus> status() {
    return byName.values().stream().map(IssuerKeys::status).toList();
  }

  /** Returns whether tokens can be verified: the keys of at least one issuer were fetched. */
  public boolean ready() {
    return byName.values().stream().anyMatch(keys -> keys.status().ready());
  }

  @Override
  public void close() {
    var thread = refresher;
    if (thread != null) {
      thread.interrupt();
    }
    documents.close();
  }

  Optional<IssuerKeys> keysOf(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Starts all due fetches. The future completes when they have ended. */
  CompletableFuture<Void> refresh() {
    var fetches = byName.values().stream().map(IssuerKeys::refresh);
    return CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new));
  }

  private void run() {
    try {
      while (true) {
        var _ = refresh();
        Thread.sleep(POLL_INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }
}
