package dev.partywall.bench.jmh;

import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** Resolves the bound tenant's credentials with those of 1,000 tenants cached. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CredentialsBench {
  private static final int TENANTS = 1_000;

  private final Tenant tenant = tenant(7);
  private final ResolveIdentityRequest identityRequest = ResolveIdentityRequest.builder().build();
  private final ConcurrentHashMap<TenantId, Object> map = new ConcurrentHashMap<>();
  private TenantCredentials credentials;

  @Setup
  public void issueCredentials() {
    DiscardedOutput.install();
    credentials = TenantTableWiring.credentials(CredentialListener.NONE);
    for (var n = 0; n < TENANTS; n++) {
      TenantContext.call(tenant(n), credentials::resolveCredentials);
      map.put(tenant(n).id(), TenantTableWiring.CREDENTIALS);
    }
  }

  private static Tenant tenant(int number) {
    return new Tenant(new TenantId("tenant-" + number), "premium");
  }

  /** A JDK map, keyed by the bound tenant, without renewal and without a size limit. */
  @Benchmark
  public Object baseline() {
    return TenantContext.call(tenant, () -> map.get(TenantContext.current().id()));
  }

  @Benchmark
  public Object hit() {
    return TenantContext.call(tenant, () -> credentials.resolveIdentity(identityRequest));
  }
}
