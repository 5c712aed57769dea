package dev.partywall.bench.jmh;

import dev.partywall.identity.VerificationFixture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Verifies an uncached token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class VerifyBench {
  @Param public Algorithm algorithm;
  private VerificationFixture token;

  @Setup
  public void build() throws Exception {
    token = new VerificationFixture(algorithm);
  }

  @TearDown
  public void close() {
    token.close();
  }

  /** The signature check alone, by Nimbus, or by the JDK for Ed25519. */
  @Benchmark
  public boolean baseline() throws Exception {
    return token.checkSignature();
  }

  /** The complete verification. */
  @Benchmark
  public Object verify() {
    return token.verifyToken();
  }
}
