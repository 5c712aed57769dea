package dev.partywall.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.partywall.bench.jmh.Algorithm;
import dev.partywall.bench.jmh.BenchIssuer;
import dev.partywall.bench.jmh.DiscardedOutput;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Verifies a cached token, the usual case. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenCacheBench {
  private BenchIssuer issuer;
  private Authenticate authenticate;
  private String token;

  @Setup
  public void build() throws Exception {
    DiscardedOutput.install();
    issuer = new BenchIssuer();
    authenticate =
        new Authenticate(
            BenchIssuer.policy(),
            issuer.trustedIssuers(),
            new UnauthenticatedLimit(2, 100),
            InstantSource.system(),
            new TokenListener() {});
    token = issuer.token(Algorithm.RS256);
  }

  @TearDown
  public void close() {
    issuer.close();
  }

  /** The JDK's SHA-256 of the token, the minimum cost of a cache that stores no tokens. */
  @Benchmark
  public byte[] baseline() throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(token.getBytes(US_ASCII));
  }

  @Benchmark
  public Object cached() {
    return authenticate.verify(token);
  }

  /** The encoding check of an uncached token, before any JSON is parsed. */
  @Benchmark
  public Object parse() {
    return CompactToken.parse(token);
  }
}
