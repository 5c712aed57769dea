package dev.partywall.bench.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Stands in for DynamoDB, STS and an OIDC issuer, in a process of its own. It answers from memory
 * and does next to no work, so that what is measured is the service in front of it.
 *
 * <p>A thread per connection and blocking reads: the services keep some dozens of connections, and
 * nothing costs less processor time a request than that.
 */
public final class Stub {
  private Stub() {}

  /**
   * Listens on loopback, on the port given or a free one, and says which on standard output, until
   * its standard input ends.
   */
  public static void main(String[] args) throws IOException {
    Thread.ofPlatform().daemon().start(Stub::endWithStarter);
    var wanted = args.length > 0 ? Integer.parseInt(args[0]) : 0;
    try (var listener = new ServerSocket(wanted, 1_024, InetAddress.getLoopbackAddress())) {
      var address = "http://127.0.0.1:" + listener.getLocalPort();
      var router = new Router(new Dynamo(), new Issuer(address));
      System.out.println(address);
      while (true) {
        serve(listener.accept(), router);
      }
    }
  }

  /** Whoever started it holds the other end of the pipe, which also ends with who is killed. */
  private static void endWithStarter() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // That is an end too.
    }
    System.exit(0);
  }

  private static void serve(Socket socket, Router router) throws IOException {
    socket.setTcpNoDelay(true);
    Thread.ofPlatform().daemon().start(() -> new Connection(socket).serve(router));
  }
}
