package dev.partywall.http.server;

import java.util.Map;

/**
 * The settings of jdk.httpserver, all of them explicit. The JDK reads these system properties only
 * when it creates its first server. A value from the command line takes precedence.
 */
public final class ServerProperties {
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          // A response takes one or two writes. Waiting for a fuller packet only delays it.
          Map.entry("sun.net.httpserver.nodelay", "true"),
          // Seconds (despite the JDK's documentation) for a request to arrive completely. A slow
          // body reaches the service's own timeout first and gets a response. This timeout ends
          // slow headers.
          Map.entry("sun.net.httpserver.maxReqTime", "20"),
          // Seconds from then until the client has read the response: one day, for a stream.
          // JdkServer ends a response much earlier if the client does not take it. Together with
          // maxReqTime, this frees slots of maxConnections (see below).
          Map.entry("sun.net.httpserver.maxRspTime", "86400"),
          Map.entry("sun.net.httpserver.timerMillis", "1000"),
          // Longer than the 60 s of a load balancer. The service therefore never closes a
          // connection on which the load balancer has just sent a request.
          Map.entry("sun.net.httpserver.idleInterval", "75"),
          Map.entry("sun.net.httpserver.clockTick", "2000"),
          // A token has up to 8 KiB. The server counts 32 bytes more for each field. Above this
          // limit, it closes without a response.
          Map.entry("sun.net.httpserver.maxReqHeaderSize", "16384"),
          // Never reached: the limit on the size permits fewer fields. RejectMalformed has a lower
          // limit, and answers.
          Map.entry("sun.net.httpserver.maxReqHeaders", "1000"),
          // JdkServer handles unread bodies. With more than 0, closing a response would wait for
          // bytes that may never arrive. With 0, every body, even an empty one, must be read.
          Map.entry("sun.net.httpserver.drainAmount", "0"));

  private ServerProperties() {}

  /**
   * Sets all properties that are not set yet. Must run before any code creates the first server of
   * this JVM; later calls have no effect.
   */
  public static void install() {
    SETTINGS.forEach(ServerProperties::set);
    var limits = ConnectionLimits.ofThisJvm();
    // Without maxReqTime and maxRspTime, the server never removes some closed connections from
    // its count, and eventually accepts no more.
    set("jdk.httpserver.maxConnections", Integer.toString(limits.open()));
    // Above this number, the server closes a connection after a response instead of keeping it.
    var given = Integer.getInteger("jdk.httpserver.maxConnections", limits.open());
    var open = given > 0 ? given : limits.open(); // 0 permits any number
    set("sun.net.httpserver.maxIdleConnections", Integer.toString(ConnectionLimits.kept(open)));
    ServerLog.install(); // at lower levels, the server logs raw request lines
  }

  private static void set(String name, String value) {
    System.getProperties().putIfAbsent(name, value);
  }
}
