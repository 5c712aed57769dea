package dev.partywall.isolation;

import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** A fake STS that counts its calls and can be made unavailable. */
final class FakeCredentialIssuer implements CredentialIssuer {
  private final InstantSource clock;
  private final List<TenantId> calls = new CopyOnWriteArrayList<>();
  private final Set<TenantId> failing = ConcurrentHashMap.newKeySet();
  volatile boolean unavailable;
  volatile Duration lifetime = Duration.ofHours(1);

  FakeCredentialIssuer(InstantSource clock) {
    this.clock = clock;
  }

  void failFor(TenantId tenant) {
    failing.add(tenant);
  }

  void recover(TenantId tenant) {
    failing.remove(tenant);
  }

  int calls() {
    return calls.size();
  }

  long calls(TenantId tenant) {
    return calls.stream().filter(tenant::equals).count();
  }

  @Override
  public TenantSession issue(TenantId tenant, TenantLocation location) {
    calls.add(tenant);
    if (unavailable || failing.contains(tenant)) {
      throw new IssuingFailedException(
          FailureReason.UNAVAILABLE, "no response", new IllegalStateException());
    }
    return session(tenant, location, calls.size());
  }

  TenantSession session(TenantId tenant, TenantLocation location, int number) {
    var credentials =
        AwsSessionCredentials.create("ASIA" + number, "secret-" + number, tenant + "#" + number);
    return new TenantSession(tenant, location, credentials, clock.instant().plus(lifetime));
  }
}
