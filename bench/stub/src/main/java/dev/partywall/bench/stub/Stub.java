package dev.partywall.bench.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Replaces DynamoDB, STS and an OIDC issuer in a separate process. It responds from memory with
 * minimal work, so the measured work is that of the service.
 *
 * <p>One thread per connection with blocking reads: the services keep a few dozen connections, and
 * no other model costs less processor time per request.
 */
public final class Stub {
  private Stub() {}

  /**
   * Listens on loopback until standard input ends. The argument is the port; without it, the stub
   * selects a free port. Prints the address on standard output.
   */
  public static void main(String[] args) throws IOException {
    Thread.ofPlatform().daemon().start(Stub::exitWithParent);
    var port = args.length > 0 ? Integer.parseInt(args[0]) : 0;
    try (var listener = new ServerSocket(port, 1_024, InetAddress.getLoopbackAddress())) {
      var address = "http://127.0.0.1:" + listener.getLocalPort();
      var operators = new StubIssuer(address + StubRouter.OPERATORS);
      var router = new StubRouter(new StubDynamo(), new StubIssuer(address), operators);
      System.out.println(address);
      while (true) {
        serve(listener.accept(), router);
      }
    }
  }

  /** Exits when the pipe from the parent process ends, which includes a killed parent. */
  private static void exitWithParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // Treated as the end of the pipe.
    }
    System.exit(0);
  }

  private static void serve(Socket socket, StubRouter router) throws IOException {
    socket.setTcpNoDelay(true);
    Thread.ofPlatform().daemon().start(() -> new StubConnection(socket).serve(router));
  }
}
