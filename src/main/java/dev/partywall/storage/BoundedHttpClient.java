package dev.partywall.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client that aborts each exchange at its time limit, including the wait for a connection,
 * for the response, and for its last byte. The SDK treats the abort as a lost connection and
 * retries.
 *
 * <p>The SDK has timers for each call and each attempt, and sockets have a timer for each read.
 * Each timer is set and cancelled for every query and wakes its own thread. Together they were a
 * quarter of a request's cost. Here one thread periodically checks all exchanges, and sleeps while
 * none is in flight.
 */
final class BoundedHttpClient implements SdkHttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpClient.class);
  private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

  private final SdkHttpClient client;
  private final Duration limit;
  private final LongSupplier nanoTime;
  private final Set<Exchange> inFlight = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** A builder for the SDK, which closes a client only if it has built it. */
  record Builder(SdkHttpClient.Builder<?> client, Duration limit)
      implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new BoundedHttpClient(client.buildWithDefaults(defaults), limit);
    }
  }

  private BoundedHttpClient(SdkHttpClient client, Duration limit) {
    this(client, limit, System::nanoTime);
    watcher.start();
  }

  /** For tests: exchanges expire only when {@link #sweep} is called. */
  BoundedHttpClient(SdkHttpClient client, Duration limit, LongSupplier nanoTime) {
    this.client = client;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.watcher = Thread.ofPlatform().name("exchanges").daemon().unstarted(this::watch);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Exchange(client.prepareRequest(request), nanoTime.getAsLong() + limit.toNanos());
  }

  private void track(Exchange exchange) {
    inFlight.add(exchange);
    if (asleep) {
      LockSupport.unpark(watcher);
    }
  }

  private void watch() {
    while (!closed) {
      if (inFlight.isEmpty()) {
        asleep = true;
        // Checks again: an exchange added before the write to asleep has not unparked this thread.
        if (inFlight.isEmpty() && !closed) {
          LockSupport.park(this);
        }
        asleep = false;
      }
      sweep();
      LockSupport.parkNanos(this, SWEEP_NANOS);
    }
  }

  /** Aborts all exchanges that have reached their time limit. */
  void sweep() {
    var now = nanoTime.getAsLong();
    inFlight.stream().filter(exchange -> now - exchange.deadline >= 0).forEach(Exchange::expire);
  }

  /** Returns the number of exchanges in flight. */
  int inFlight() {
    return inFlight.size();
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
    client.close();
  }

  /** A request and its response, up to the last byte of the response. */
  private final class Exchange implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private final long deadline;
    private volatile boolean expired;

    Exchange(ExecutableHttpRequest request, long deadline) {
      this.request = request;
      this.deadline = deadline;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      track(this);
      try {
        var response = request.call();
        var body = response.responseBody();
        if (body.isEmpty()) {
          inFlight.remove(this);
          return response;
        }
        return HttpExecuteResponse.builder()
            .response(response.httpResponse())
            .responseBody(AbortableInputStream.create(new TrackedBody(body.get()), this))
            .build();
      } catch (IOException e) {
        inFlight.remove(this);
        throw translated(e);
      } catch (RuntimeException e) {
        inFlight.remove(this);
        // An abort between two steps of the client does not surface as an IOException.
        throw expired ? new UncheckedIOException(translated(new IOException(e))) : e;
      }
    }

    /**
     * Distinguishes a timeout from a lost connection in logs. The SDK treats both as a lost
     * connection.
     */
    private IOException translated(IOException failure) {
      if (!expired) {
        return failure;
      }
      var timeout = new SocketTimeoutException("no complete response within " + limit);
      timeout.initCause(failure);
      return timeout;
    }

    private void expire() {
      expired = true;
      inFlight.remove(this);
      try {
        request.abort();
      } catch (RuntimeException e) {
        // Must not end the watcher thread, on which all other exchanges rely.
        LOG.warn("HTTP exchange could not be aborted", e);
      }
    }

    @Override
    public void abort() {
      inFlight.remove(this);
      request.abort();
    }

    /** The response body. Closing it ends the exchange. */
    private final class TrackedBody extends FilterInputStream {
      TrackedBody(InputStream content) {
        super(content);
      }

      @Override
      public int read() throws IOException {
        try {
          return super.read();
        } catch (IOException e) {
          throw translated(e);
        }
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
          return super.read(buffer, offset, length);
        } catch (IOException e) {
          throw translated(e);
        }
      }

      /** Closing may read the rest of the body, so the exchange ends only afterwards. */
      @Override
      public void close() throws IOException {
        try {
          super.close();
        } catch (IOException e) {
          throw translated(e);
        } finally {
          inFlight.remove(Exchange.this);
        }
      }
    }
  }
}
