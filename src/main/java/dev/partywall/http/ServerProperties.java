package dev.partywall.http;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The settings of jdk.httpserver, all of them explicit. They are system properties that it reads
 * once, when its first server is made; one that is set on the command line stands.
 */
public final class ServerProperties {
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          // Answers go out in one or two writes: waiting for a fuller packet only delays them.
          Map.entry("sun.net.httpserver.nodelay", "true"),
          // Seconds (whatever its documentation says) for a whole request to arrive. Our own
          // deadline comes first, so that a slow body gets an answer; this ends slow headers.
          Map.entry("sun.net.httpserver.maxReqTime", "20"),
          // Seconds from then on until the answer has been read: 1.5 MB at 25 KB/s. Together with
          // the one above it is also what gives slots of maxConnections back (see there).
          Map.entry("sun.net.httpserver.maxRspTime", "60"),
          Map.entry("sun.net.httpserver.timerMillis", "1000"),
          // About 25 KB each. Without both times above, the server forgets to count some of its
          // closed connections out again, and would be full for ever.
          Map.entry("jdk.httpserver.maxConnections", "20000"),
          // As many may be idle: the default of 200 would close the rest after each answer.
          Map.entry("sun.net.httpserver.maxIdleConnections", "20000"),
          // Longer than a load balancer's own 60 s, so that it is never we who close a connection
          // on which it has just sent a request.
          Map.entry("sun.net.httpserver.idleInterval", "75"),
          Map.entry("sun.net.httpserver.clockTick", "2000"),
          // A token has up to 8 KiB. Over the limit, the connection is closed without an answer.
          Map.entry("sun.net.httpserver.maxReqHeaderSize", "32768"),
          Map.entry("sun.net.httpserver.maxReqHeaders", "100"),
          // Unread bodies are our own business: with more than 0, closing an answer would wait for
          // bytes that may never come. It needs every body to be read to its end, also an empty
          // one.
          Map.entry("sun.net.httpserver.drainAmount", "0"));

  // Held, or it could be collected and made anew without its level.
  private static final Logger QUIET = Logger.getLogger("com.sun.net.httpserver");

  private ServerProperties() {}

  /**
   * Sets what is not set. To be called before the first server of this JVM is made, whoever makes
   * it: later on it changes nothing.
   */
  public static void install() {
    SETTINGS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    // Below that it writes request lines as they came, control characters and all.
    QUIET.setLevel(Level.INFO);
  }
}
