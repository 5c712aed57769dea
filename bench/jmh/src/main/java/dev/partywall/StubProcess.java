package dev.partywall;

import dev.partywall.bench.stub.Stub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The stub of DynamoDB in a process of its own, so that its work is in nobody's figures. */
final class StubProcess implements AutoCloseable {
  private final Process process;
  private final URI address;

  StubProcess() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Stub.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Also when somebody ends us before we are done; where we are killed, its standard input ends,
    // which is a pipe that nobody closes here.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    var lines = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    address = URI.create(new BufferedReader(lines).readLine());
  }

  /** Where it listens. */
  URI address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
