package dev.partywall.runtime;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A proxy in front of the local AWS that injects faults into the calls for single tenants, so that
 * many faults can be tested at the same time. It forwards all other calls without a change.
 */
final class AwsFaultProxy implements AutoCloseable {
  /** A fault: the handling of a call instead of forwarding it. */
  @FunctionalInterface
  interface WireFault {
    /** Handles the call, and returns whether the connection to the client stays open. */
    boolean handle(ProxiedCall call) throws IOException;
  }

  /** A message of HTTP with a {@code Content-Length}, with one character per byte. */
  record WireMessage(String head, String body) {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)");

    /** Returns empty at the end of the stream. */
    static Optional<WireMessage> read(InputStream in) throws IOException {
      var head = new ByteArrayOutputStream();
      for (var end = 0; end != 0x0d0a0d0a; ) {
        var next = in.read();
        if (next < 0) {
          return Optional.empty();
        }
        head.write(next);
        end = end << 8 | next;
      }
      var text = head.toString(StandardCharsets.ISO_8859_1);
      var length = LENGTH.matcher(text);
      var body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      return Optional.of(new WireMessage(text, new String(body, StandardCharsets.ISO_8859_1)));
    }

    byte[] bytes() {
      return (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** A call, and the connections to the client and to AWS. */
  record ProxiedCall(WireMessage request, Socket client, Socket aws, CountDownLatch closed) {
    /** Performs the call and returns the response. */
    WireMessage forward() throws IOException {
      aws.getOutputStream().write(request.bytes());
      return WireMessage.read(aws.getInputStream()).orElseThrow(IOException::new);
    }

    void reply(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
    }

    /** Waits until the proxy is closed, and returns false if it is not closed in this time. */
    boolean awaitClose(long millis) {
      try {
        return closed.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * A fault in the calls of a tenant.
   *
   * @param active the number of calls that it handles at the moment
   */
  private record InjectedFault(
      Predicate<WireMessage> calls, WireFault fault, AtomicInteger active) {
    boolean handle(ProxiedCall call) throws IOException {
      active.incrementAndGet();
      try {
        return fault.handle(call);
      } finally {
        active.decrementAndGet();
      }
    }
  }

  private static final Pattern TENANT = Pattern.compile("fault-[a-z]+-\\d+");

  private final int awsPort;
  private final ServerSocket server;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final Map<String, InjectedFault> faults = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  AwsFaultProxy(URI aws) throws IOException {
    awsPort = aws.getPort();
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Injects a fault into the calls that contain the id of the tenant and match. */
  void inject(String tenant, Predicate<WireMessage> calls, WireFault fault) {
    faults.put(tenant, new InjectedFault(calls, fault, new AtomicInteger()));
  }

  /**
   * Forwards the calls of the tenant from now on. Returns whether the fault still handles earlier
   * calls.
   */
  BooleanSupplier heal(String tenant) {
    var healed = requireNonNull(faults.remove(tenant));
    return () -> healed.active().get() > 0;
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        clients.add(client);
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        var aws = new Socket(InetAddress.getLoopbackAddress(), awsPort)) {
      var in = new BufferedInputStream(client.getInputStream());
      for (var request = WireMessage.read(in);
          request.isPresent()
              && faultOf(request.get()).handle(new ProxiedCall(request.get(), client, aws, closed));
          request = WireMessage.read(in)) {
        // The next call on the same connection.
      }
    } catch (IOException _) {
      // One of the three has closed its connection.
    } finally {
      clients.remove(client);
    }
  }

  private WireFault faultOf(WireMessage request) {
    var tenant = TENANT.matcher(request.body());
    if (tenant.find()) {
      var injected = faults.get(tenant.group());
      if (injected != null && injected.calls().test(request)) {
        return injected::handle;
      }
    }
    return AwsFaultProxy::forward;
  }

  private static boolean forward(ProxiedCall call) throws IOException {
    call.reply(call.forward().bytes());
    return true;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (var client : clients) {
      client.close();
    }
  }
}
