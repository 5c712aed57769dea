package dev.partywall.identity;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A token that comes for the first time, signed with Ed25519. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EdDsaBench {
  private Verification token;
  private PublicKey key;

  @Setup
  public void build() throws Exception {
    token = new Verification(Algorithm.EDDSA);
    key = token.publicKey();
  }

  @TearDown
  public void close() {
    token.close();
  }

  /** The JDK: the signature alone. */
  @Benchmark
  public boolean baseline() throws GeneralSecurityException {
    return token.signature(key);
  }

  @Benchmark
  public Object verify() {
    return token.whole();
  }
}
