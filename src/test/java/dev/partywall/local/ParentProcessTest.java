package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test starts the same chain of processes as {@code ./mvnw -Plocal}. */
@Timeout(60)
class ParentProcessTest {
  /** As Maven: starts the stack and waits for it. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] args) throws Exception {
      System.out.println("maven " + ProcessHandle.current().pid());
      var stack = new ProcessBuilder(command(Stack.class)).inheritIO().start();
      System.out.println("stack ended with " + stack.waitFor());
    }
  }

  /** As the local stack: starts the service and waits for it. */
  static final class Stack {
    private Stack() {}

    public static void main(String[] args) throws Exception {
      ParentProcess.exitAfterIt("stop-with-parent");
      try (var service =
          new ServiceProcess(new ProcessBuilder(command(Service.class)).inheritIO(), 1)) {
        System.exit(service.awaitExit());
      }
    }
  }

  /** As the service: listens until it is stopped. */
  static final class Service {
    private Service() {}

    public static void main(String[] args) throws Exception {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        System.out.println("listening " + socket.getLocalPort());
        socket.setSoTimeout(90_000); // Ends a failed test.
        socket.accept().close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGTERM", "SIGKILL"})
  void everythingEndsWithMaven(String signal) throws Exception {
    try (var output = start(command(Starter.class), " | cat")) {
      var maven = process(number(output, "maven "));
      var port = number(output, "listening ");
      assertTrue(signal.equals("SIGTERM") ? maven.destroy() : maven.destroyForcibly());
      assertEquals(List.of(), output.lines().toList());
      assertThrows(ConnectException.class, () -> connect(port));
    }
  }

  @Test
  void theServiceEndsWithTheStack() throws Exception {
    try (var output = start(command(Starter.class), " | cat")) {
      var maven = process(number(output, "maven "));
      var port = number(output, "listening ");
      assertTrue(maven.children().findFirst().orElseThrow().destroy());
      assertEquals(List.of("stack ended with 143"), output.lines().toList());
      assertThrows(ConnectException.class, () -> connect(port));
    }
  }

  @Test
  void aStackWhoseParentHasAlreadyEndedDoesNotStart() throws Exception {
    // The shell is the parent that the system assigns in place of an ended one.
    try (var output = start(command(Stack.class), "; echo exit $?")) {
      assertEquals("exit 1", output.lines().toList().getLast());
    }
  }

  /** Starts a command. All its processes share the output, which ends with the last of them. */
  private static BufferedReader start(List<String> command, String suffix) throws IOException {
    var words = command.stream().map(ShellSyntax::word).collect(Collectors.joining(" "));
    return new ProcessBuilder("sh", "-c", words + suffix).start().inputReader();
  }

  private static ProcessHandle process(int id) {
    return ProcessHandle.of(id).orElseThrow();
  }

  private static int number(BufferedReader output, String prefix) throws IOException {
    var line = Objects.requireNonNullElse(output.readLine(), "");
    assertTrue(line.startsWith(prefix), line);
    return Integer.parseInt(line.substring(prefix.length()));
  }

  private static void connect(int port) throws IOException {
    new Socket(InetAddress.getLoopbackAddress(), port).close();
  }

  private static List<String> command(Class<?> program) {
    return List.of(
        ServiceProcess.javaExecutable(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        program.getName());
  }
}
