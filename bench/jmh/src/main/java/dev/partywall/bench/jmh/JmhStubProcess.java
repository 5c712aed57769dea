package dev.partywall.bench.jmh;

import dev.partywall.bench.stub.Stub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The DynamoDB stub in its own process, which excludes its work from the measurement. */
final class JmhStubProcess implements AutoCloseable {
  private final Process process;
  private final URI address;

  JmhStubProcess() throws IOException {
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
    // Stops the stub when this JVM exits early. If this JVM is killed, the stub stops because its
    // standard input, a pipe from this process, ends.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    var lines = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    address = URI.create(new BufferedReader(lines).readLine());
  }

  /** Returns the address of the stub. */
  URI address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
