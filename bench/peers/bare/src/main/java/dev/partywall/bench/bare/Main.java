package dev.partywall.bench.bare;

import com.sun.net.httpserver.HttpServer;
import dev.partywall.bench.orders.OrdersTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;

/**
 * The lower bound: the JDK's server on virtual threads, one query of 20 orders, and a precomputed
 * response of the usual size. Reads no token and writes no JSON.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var port = Integer.parseInt(System.getenv("PORT"));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/orders", new BareHandler(OrdersTable.fromEnvironment(), sample()));
    server.start();
  }

  private static byte[] sample() throws IOException {
    try (var answer = URI.create(System.getenv("ISSUER") + "/expected").toURL().openStream()) {
      return answer.readAllBytes();
    }
  }
}
