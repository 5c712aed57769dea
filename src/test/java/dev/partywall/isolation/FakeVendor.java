package dev.partywall.isolation;

import dev.partywall.isolation.VendingFailed.Reason;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A fake STS that counts its calls and can be made unavailable. */
final class FakeVendor implements CredentialVendor {
  private final InstantSource clock;
  private final List<TenantId> calls = new CopyOnWriteArrayList<>();
  private final Set<TenantId> failing = ConcurrentHashMap.newKeySet();
  volatile boolean away;
  volatile Duration life = Duration.ofHours(1);

  FakeVendor(InstantSource clock) {
    this.clock = clock;
  }

  void failFor(TenantId tenant) {
    failing.add(tenant);
  }

  void mend(TenantId tenant) {
    failing.remove(tenant);
  }

  int calls() {
    return calls.size();
  }

  long calls(TenantId tenant) {
    return calls.stream().filter(tenant::equals).count();
  }

  @Override
  public TenantSession vend(TenantId tenant, Home location) {
    calls.add(tenant);
    if (away || failing.contains(tenant)) {
      throw new VendingFailed(Reason.AWAY, new IllegalStateException("no response"));
    }
    return session(tenant, location, calls.size());
  }

  TenantSession session(TenantId tenant, Home location, int number) {
    var credentials =
        AwsSessionCredentials.create("ASIA" + number, "secret-" + number, tenant + "#" + number);
    return new TenantSession(tenant, location, credentials, clock.instant().plus(life));
  }
}
