package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.concurrent.Periodic;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.ServerProperties;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.service.Offering;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;

/** Tests in separate processes, which end when memory is exhausted. */
class OutOfMemoryTest {
  @TempDir private Path folder;

  /** A service with routes that exhaust memory. */
  static final class ExhaustingService {
    public static void main(String[] args) {
      Partywall.run(
          args,
          _ ->
              Offering.of(
                  "exhausting",
                  List.of(
                      Route.open("GET", "/heap", _ -> exhaust()),
                      Route.open("GET", "/thread", _ -> failInAnotherThread()))));
    }

    private static Response exhaust() {
      var arrays = new ArrayList<byte[]>();
      while (arrays.size() < 1_000) {
        arrays.add(new byte[1 << 20]);
      }
      return Response.json(200, arrays.getLast());
    }

    private static Response failInAnotherThread() {
      Thread.startVirtualThread(() -> {
        throw new OutOfMemoryError("test");
      });
      return Response.of(204);
    }
  }

  /** Throws the error in a part of the kernel that handles all exceptions. */
  static final class FailingPart {
    public static void main(String[] args) throws InterruptedException {
      switch (args[0]) {
        case "periodic" ->
            Periodic.startNow(
                NOPLogger.NOP_LOGGER, "test", () -> Duration.ofHours(1), FailingPart::fail);
        case "parallel" -> BoundedParallel.each(List.of(1), _ -> fail());
        case "parallel rejection" -> BoundedParallel.each(List.of(1), _ -> reject());
        case "issuer keys" -> fetchKeys();
        case "request" -> problem(FailingPart::fail);
        case "dependency" -> problem(FailingPart::reject);
        case "server" -> {
          ServerProperties.install();
          Logger.getLogger("com.sun.net.httpserver")
              .log(Level.FINER, "Dispatcher (6)", new OutOfMemoryError("test"));
        }
        default -> throw new IllegalArgumentException(args[0]);
      }
      new CountDownLatch(1).await();
    }

    private static void fail() {
      throw new OutOfMemoryError("test");
    }

    private static void fetchKeys() {
      ProxySelector.setDefault(
          new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
              throw new OutOfMemoryError("test");
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
          });
      var issuer = new Issuer("http://127.0.0.1:1", Issuer.Callers.TENANT_USERS);
      new TrustedIssuers(List.of(issuer), InstantSource.system()).start();
    }

    private static void reject() {
      throw new ApiException(
          new ApiError.AtCapacity(Duration.ofSeconds(1)),
          new ExecutionException(new OutOfMemoryError("test")));
    }

    private static void problem(Runnable failing) {
      var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
      new ProblemDetailsFilter("test", () -> "")
          .filter(
              request,
              _ -> {
                failing.run();
                return Response.of(204);
              });
    }
  }

  @Test
  void anExhaustedHeapEndsTheService() throws Exception {
    assertEnds("/heap", "Out of memory: Java heap space. The process ends with status 3.");
  }

  @Test
  void anErrorThatNoCodeCatchesEndsTheService() throws Exception {
    assertEnds("/thread", "Out of memory: test. The process ends with status 3.");
  }

  @Test
  void anErrorThatTheKernelCatchesEndsTheProcess() throws Exception {
    var processes = new HashMap<String, PartywallProcess>();
    for (var part :
        List.of(
            "periodic",
            "parallel",
            "parallel rejection",
            "issuer keys",
            "request",
            "dependency",
            "server")) {
      processes.put(part, new PartywallProcess(FailingPart.class, Map.of(), part));
    }
    processes.forEach((part, process) -> {
      assertEquals(3, process.awaitExit(), part);
      // Without the options of a service, slf4j reports its selection of a provider before.
      assertEquals(
          "Out of memory: test. The process ends with status 3.", process.err().getLast(), part);
    });
  }

  /** Fills its standard error, which its parent does not read, and then fails. */
  static final class FullStandardError {
    /** The capacity of a pipe, in bytes. */
    private static final int PIPE = 65_536;

    public static void main(String[] args) throws IOException {
      try (var err = new FileOutputStream(FileDescriptor.err)) {
        err.write(new byte[PIPE]);
        OutOfMemory.exitIfCauseOf(new OutOfMemoryError("test"));
      }
    }
  }

  @Test
  void theProcessEndsIfItsStandardErrorIsNotRead() throws Exception {
    var builder = new ProcessBuilder(ChildProcess.command(FullStandardError.class, List.of()));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    var process = builder.start();
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the process does not end");
      assertEquals(3, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  private void assertEnds(String path, String line) throws IOException {
    var process = new PartywallProcess(ExhaustingService.class, List.of("-Xmx64m"), unreachable());
    try (var client = new RawClient(process.port())) {
      var get = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send(get.getBytes(StandardCharsets.US_ASCII));

      assertEquals(3, process.awaitAbnormalExit());
      assertEquals(List.of(line), process.err());
    }
  }

  /** Returns a configuration in which no dependency can be reached. */
  private Map<String, String> unreachable() {
    var nowhere = "http://127.0.0.1:1";
    var environment = new HashMap<String, String>();
    environment.put("PARTYWALL_HOST", "127.0.0.1");
    environment.put("PARTYWALL_PORT", "0");
    environment.put("PARTYWALL_MANAGEMENT_PORT", "0");
    environment.put("PARTYWALL_ISSUERS", nowhere);
    environment.put("PARTYWALL_AUDIENCE", "test");
    environment.put("PARTYWALL_ISOLATION", "application");
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", nowhere);
    environment.put("AWS_ENDPOINT_URL_STS", nowhere);
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    return environment;
  }
}
