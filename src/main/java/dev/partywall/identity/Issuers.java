package dev.partywall.identity;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The issuers that are trusted, with their keys. A token's {@code iss} chooses among them. */
public final class Issuers implements AutoCloseable {
  private static final Duration BEAT = Duration.ofSeconds(1);

  /** For one document; two of them have to fit into a request's deadline. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final IssuerDocuments documents;
  private final Map<String, IssuerKeys> byName = new LinkedHashMap<>();
  private volatile @Nullable Thread heart;

  /** Trusts these; asks nobody for anything before {@link #start}. */
  public Issuers(List<Issuer> issuers, InstantSource clock) {
    this(issuers, clock, PATIENCE);
  }

  Issuers(List<Issuer> issuers, InstantSource clock, Duration patience) {
    documents = new IssuerDocuments(patience);
    for (var issuer : issuers) {
      byName.put(issuer.name(), new IssuerKeys(issuer, documents, clock));
    }
  }

  /** Begins to fetch keys, and keeps them fresh. It returns at once, whether issuers are there. */
  public void start() {
    heart = Thread.ofVirtual().name("issuer-keys").start(this::beat);
  }

  /** How it stands with each, in the order of the configuration. */
  public List<IssuerStatus> status() {
    return byName.values().stream().map(IssuerKeys::status).toList();
  }

  /** Whether tokens can be verified: at least one issuer's keys have been there. */
  public boolean ready() {
    return byName.values().stream().anyMatch(keys -> keys.status().ready());
  }

  @Override
  public void close() {
    var running = heart;
    if (running != null) {
      running.interrupt();
    }
    documents.close();
  }

  Optional<IssuerKeys> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Fetches what is due; done when that is. */
  CompletableFuture<Void> refresh() {
    var flights = byName.values().stream().map(IssuerKeys::refresh);
    return CompletableFuture.allOf(flights.toArray(CompletableFuture[]::new));
  }

  private void beat() {
    try {
      while (true) {
        var _ = refresh();
        Thread.sleep(BEAT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }
}
