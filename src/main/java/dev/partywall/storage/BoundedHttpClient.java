package dev.partywall.storage;

import dev.partywall.concurrent.Watchdog;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
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
 * quarter of a request's cost. Here one {@link Watchdog} checks all exchanges.
 */
final class BoundedHttpClient implements SdkHttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpClient.class);

  private final SdkHttpClient client;
  private final Duration limit;
  private final Watchdog watchdog;

  /** A builder for the SDK, which closes a client only if it has built it. */
  record Builder(SdkHttpClient.Builder<?> client, Duration limit)
      implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      var watchdog = new Watchdog("exchanges", limit, System::nanoTime).start();
      return new BoundedHttpClient(client.buildWithDefaults(defaults), limit, watchdog);
    }
  }

  /**
   * Wraps a client.
   *
   * @param watchdog applies the limit; it is closed with the client
   */
  BoundedHttpClient(SdkHttpClient client, Duration limit, Watchdog watchdog) {
    this.client = client;
    this.limit = limit;
    this.watchdog = watchdog;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Exchange(client.prepareRequest(request));
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    watchdog.close();
    client.close();
  }

  /** A request and its response, up to the last byte of the response. */
  private final class Exchange extends Watchdog.Operation implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private volatile boolean expired;

    Exchange(ExecutableHttpRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      watchdog.add(this);
      try {
        var response = request.call();
        var body = response.responseBody();
        if (body.isEmpty()) {
          watchdog.remove(this);
          return response;
        }
        return HttpExecuteResponse.builder()
            .response(response.httpResponse())
            .responseBody(AbortableInputStream.create(new TrackedBody(body.get()), this))
            .build();
      } catch (IOException e) {
        watchdog.remove(this);
        throw translated(e);
      } catch (RuntimeException e) {
        watchdog.remove(this);
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

    /** Removes itself, because aborting once suffices. */
    @Override
    protected void expire() {
      expired = true;
      watchdog.remove(this);
      try {
        request.abort();
      } catch (RuntimeException e) {
        // Must not end the watchdog thread, on which all other exchanges rely.
        LOG.warn("HTTP exchange could not be aborted", e);
      }
    }

    @Override
    public void abort() {
      watchdog.remove(this);
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
          watchdog.remove(Exchange.this);
        }
      }
    }
  }
}
