package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records the events of tenant credentials. */
final class RecordedCredentialEvents implements CredentialListener {
  final List<String> recorded = new CopyOnWriteArrayList<>();
  final AtomicInteger hits = new AtomicInteger();

  @Override
  public void hit() {
    hits.incrementAndGet();
  }

  @Override
  public void issued(TenantId tenant, Duration took) {
    recorded.add("issued " + tenant);
  }

  @Override
  public void renewed(TenantId tenant, Duration took) {
    recorded.add("renewed " + tenant);
  }

  @Override
  public void failed(
      TenantId tenant, IssuingFailedException.FailureReason reason, boolean renewal) {
    recorded.add((renewal ? "not renewed " : "not issued ") + tenant + ": " + reason);
  }

  @Override
  public void invalidated(TenantId tenant) {
    recorded.add("invalidated " + tenant);
  }
}
