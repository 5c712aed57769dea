package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records the events of tenant credentials. */
final class Events implements CredentialListener {
  final List<String> told = new CopyOnWriteArrayList<>();
  final AtomicInteger hits = new AtomicInteger();

  @Override
  public void hit() {
    hits.incrementAndGet();
  }

  @Override
  public void vended(TenantId tenant, Duration took) {
    told.add("issued " + tenant);
  }

  @Override
  public void renewed(TenantId tenant, Duration took) {
    told.add("renewed " + tenant);
  }

  @Override
  public void failed(TenantId tenant, VendingFailed.Reason reason, boolean renewal) {
    told.add((renewal ? "not renewed " : "not issued ") + tenant + ": " + reason);
  }

  @Override
  public void distrusted(TenantId tenant) {
    told.add("invalidated " + tenant);
  }
}
