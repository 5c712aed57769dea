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
 * An HTTP client whose exchanges end when their time is up, whatever they are waiting for then: a
 * connection, the answer, or its last byte. The SDK takes such an end for a lost connection, and
 * tries again.
 *
 * <p>The SDK can do that itself, with a timer for each call and for each attempt, and so can
 * sockets, with a timer for each read. Each of them is set and taken back for every query and wakes
 * a thread of its own; together they were a quarter of what a request costs. Here one thread looks
 * at all exchanges now and then, and sleeps while there are none.
 */
final class BoundedHttpClient implements SdkHttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpClient.class);
  private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

  private final SdkHttpClient client;
  private final Duration limit;
  private final LongSupplier nanoTime;
  private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Makes a client, as the SDK wants to have it made: then it closes it too. */
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

  /** One that nobody watches over but who calls {@link #sweep}. */
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

  private void enter(Exchange exchange) {
    running.add(exchange);
    if (asleep) {
      LockSupport.unpark(watcher);
    }
  }

  private void watch() {
    while (!closed) {
      if (running.isEmpty()) {
        asleep = true;
        // Looks again: who came before that was written has woken nobody.
        if (running.isEmpty() && !closed) {
          LockSupport.park(this);
        }
        asleep = false;
      }
      sweep();
      LockSupport.parkNanos(this, SWEEP_NANOS);
    }
  }

  /** Ends what is over its time. */
  void sweep() {
    var now = nanoTime.getAsLong();
    running.stream().filter(exchange -> now - exchange.until >= 0).forEach(Exchange::expire);
  }

  /** How many exchanges have not come to their end. */
  int running() {
    return running.size();
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

  /** A request and its answer, up to the answer's last byte. */
  private final class Exchange implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private final long until;
    private volatile boolean expired;

    Exchange(ExecutableHttpRequest request, long until) {
      this.request = request;
      this.until = until;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      enter(this);
      try {
        var response = request.call();
        var body = response.responseBody();
        if (body.isEmpty()) {
          running.remove(this);
          return response;
        }
        return HttpExecuteResponse.builder()
            .response(response.httpResponse())
            .responseBody(AbortableInputStream.create(new Body(body.get()), this))
            .build();
      } catch (IOException e) {
        running.remove(this);
        throw told(e);
      } catch (RuntimeException e) {
        running.remove(this);
        // What an end meets between two of the client's steps is not told as an IOException.
        throw expired ? new UncheckedIOException(told(new IOException(e))) : e;
      }
    }

    /** To the SDK both are a lost connection; to who reads of it they are not. */
    private IOException told(IOException failure) {
      if (!expired) {
        return failure;
      }
      var late = new SocketTimeoutException("no whole answer within " + limit);
      late.initCause(failure);
      return late;
    }

    private void expire() {
      expired = true;
      running.remove(this);
      try {
        request.abort();
      } catch (RuntimeException e) {
        // It must not end the watcher, on whom all other exchanges rely.
        LOG.warn("an exchange did not end in good order", e);
      }
    }

    @Override
    public void abort() {
      running.remove(this);
      request.abort();
    }

    /** The answer's body, with whose end the exchange ends. */
    private final class Body extends FilterInputStream {
      Body(InputStream content) {
        super(content);
      }

      @Override
      public int read() throws IOException {
        try {
          return super.read();
        } catch (IOException e) {
          throw told(e);
        }
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        try {
          return super.read(into, offset, length);
        } catch (IOException e) {
          throw told(e);
        }
      }

      /** To close it may be to read what is left of it, so the exchange is not over before. */
      @Override
      public void close() throws IOException {
        try {
          super.close();
        } catch (IOException e) {
          throw told(e);
        } finally {
          running.remove(Exchange.this);
        }
      }
    }
  }
}
