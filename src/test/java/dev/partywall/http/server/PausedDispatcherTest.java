package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Latches;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A drain while the only thread of the server that accepts connections does not run. */
@Isolated("filters the events of all servers of the JVM")
class PausedDispatcherTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final BlockingRoute blocking = new BlockingRoute();

  /**
   * On a busy machine, the only thread of the server that accepts connections might not run for
   * more than a second. A client that got a response meanwhile would open a connection too late.
   */
  @Test
  void keepsTheListenerOpenUntilAllConnectionsThatWaitAreAccepted() throws Exception {
    try (var server = TestServer.start(blocking.route());
        var dispatcher = new PausedDispatcher();
        var busy = server.client();
        var held = server.client()) {
      busy.get("/blocking");
      blocking.entered.await();
      var drained = server.startDrain(TIMEOUT);
      dispatcher.guardReceived.await();
      held.get("/hello");
      blocking.release.countDown();
      dispatcher.paused.await();

      try (var waiting = server.client()) {
        waiting.get("/hello");
        assertFalse(dispatcher.stopping.await(1_100, TimeUnit.MILLISECONDS));
        dispatcher.resume.countDown();

        assertEquals(200, waiting.read().status());
        var response = held.read();
        assertEquals(200, response.status());
        assertTrue(response.closesConnection());
      }
      assertTrue(drained.get());
    }
  }

  /**
   * Pauses the thread that accepts connections at the end of the first exchange after the guard.
   */
  private static final class PausedDispatcher implements Filter, AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("com.sun.net.httpserver");
    private final Filter original = LOGGER.getFilter();
    final CountDownLatch guardReceived = new CountDownLatch(1);
    final CountDownLatch paused = new CountDownLatch(1);
    final CountDownLatch resume = new CountDownLatch(1);
    final CountDownLatch stopping = new CountDownLatch(1);

    PausedDispatcher() {
      LOGGER.setFilter(this);
    }

    @Override
    public boolean isLoggable(LogRecord event) {
      switch (event.getMessage()) {
        case "Exchange request line: {0}" -> {
          if ("GET / HTTP/1.1".equals(event.getParameters()[0])) {
            guardReceived.countDown();
          }
        }
        case "Write Finished" -> {
          if (guardReceived.getCount() == 0) {
            paused.countDown();
            Latches.await(resume);
          }
        }
        case "stopping" -> stopping.countDown();
        default -> {
          // Not part of the situation.
        }
      }
      return original.isLoggable(event);
    }

    @Override
    public void close() {
      resume.countDown();
      LOGGER.setFilter(original);
    }
  }
}
