package dev.partywall.bench.jmh;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures binding the tenant once per request and reading it in nested code. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TenantContextBench {
  private static final ScopedValue<Tenant> BARE = ScopedValue.newInstance();

  private final Tenant tenant = new Tenant(new TenantId("acme"), "premium");

  /** The baseline: a scoped value of the JDK. */
  @Benchmark
  public Tenant baseline() {
    return ScopedValue.where(BARE, tenant).call(BARE::get);
  }

  @Benchmark
  public Tenant bindAndRead() {
    return TenantContext.call(tenant, TenantContext::current);
  }

  /** Like a request: one binding, reads by storage, credentials, log line and meter. */
  @Benchmark
  public int bindAndReadTenTimes() {
    return TenantContext.call(tenant, TenantContextBench::readTenTimes);
  }

  private static int readTenTimes() {
    var length = 0;
    for (var i = 0; i < 10; i++) {
      length += TenantContext.current().id().value().length();
    }
    return length;
  }
}
