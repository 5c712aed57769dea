package dev.partywall.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A token that comes for the first time, signed with RS256. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Rs256Bench {
  private Verification token;
  private JWSVerifier nimbus;

  @Setup
  public void build() throws Exception {
    token = new Verification(Algorithm.RS256);
    nimbus = new RSASSAVerifier(token.key().toRSAKey());
  }

  @TearDown
  public void close() {
    token.close();
  }

  /** Nimbus: the signature alone. */
  @Benchmark
  public boolean baseline() throws JOSEException {
    return token.signature(nimbus);
  }

  @Benchmark
  public Object verify() {
    return token.whole();
  }
}
