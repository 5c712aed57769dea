package dev.partywall.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Headers;
import dev.partywall.http.Response;
import dev.partywall.http.client.OutgoingHttp;
import dev.partywall.http.client.OutgoingRequest;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.peers.PeerListener.Outcome;
import dev.partywall.service.Peer;
import dev.partywall.tenancy.BearerToken;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the peers of this service on behalf of the current request's caller. */
public final class Peers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

  /** The maximum size of a reply, in bytes. */
  static final int MAX_REPLY_BYTES = 256 * 1024;

  /** The longest duration of a call, shorter than the request timeout of this service. */
  static final Duration MAX_DURATION = Duration.ofSeconds(9);

  /** The time that this service keeps to respond to its own caller after a call timed out. */
  static final Duration RESERVE = Duration.ofMillis(250);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

  private final Map<String, URI> urls;
  private final Function<CorrelationIds, Headers> trace;
  private final PeerListener listener;
  private final OutgoingHttp http = new OutgoingHttp(CONNECT_TIMEOUT, MAX_REPLY_BYTES);

  /**
   * Opens no connection before the first call.
   *
   * @param urls the base URL of each peer, without a slash at its end
   * @param trace returns the fields that continue a request's trace
   */
  public Peers(
      Map<String, URI> urls, Function<CorrelationIds, Headers> trace, PeerListener listener) {
    this.urls = Map.copyOf(urls);
    this.trace = trace;
    this.listener = listener;
  }

  /** Calls a configured peer as {@link Peer#send} specifies. */
  public Peer.Reply send(String peer, Peer.Call call) {
    var execution = Execution.current().orElseThrow(Peers::noCaller);
    var token = requireToken(execution);
    var url =
        new PathTemplate(call.path()).expand(Objects.requireNonNull(urls.get(peer)), call.values());
    if (url.isEmpty()) {
      return new Peer.Reply(404, Headers.NONE, MissingNode.getInstance());
    }
    var timeout = timeout(execution);
    if (timeout.toMillis() <= 0) {
      throw unavailable(peer, Outcome.TIMED_OUT, "no time is left");
    }
    var fields = fields(call, trace.apply(execution.ids()), token, timeout);
    return reply(
        peer, new OutgoingRequest(call.method(), url.get(), fields, content(call)), timeout);
  }

  /** Returns the token of the tenant's user for whom the code works. */
  private static BearerToken requireToken(Execution execution) {
    var isTenantUser =
        execution.identity().filter(Identity.TenantUser.class::isInstance).isPresent();
    if (!isTenantUser || !TenantContext.isBound()) {
      throw noCaller();
    }
    return execution.token().orElseThrow(Peers::noCaller);
  }

  private static IllegalStateException noCaller() {
    return new IllegalStateException("a peer is called only for the user of a tenant");
  }

  private static Duration timeout(Execution execution) {
    return execution
        .deadline()
        .map(deadline -> deadline.remaining().minus(RESERVE))
        .filter(left -> left.compareTo(MAX_DURATION) < 0)
        .orElse(MAX_DURATION);
  }

  private static Headers fields(
      Peer.Call call, Headers trace, BearerToken token, Duration timeout) {
    var fields =
        call.headers()
            .with("Authorization", token.authorization())
            .with(RequestTimeout.HEADER, Long.toString(timeout.toMillis()))
            .with("Accept", "application/json");
    for (var field : trace.fields()) {
      fields = fields.with(field.name(), field.value());
    }
    return call.body().isMissingNode() ? fields : fields.with("Content-Type", "application/json");
  }

  private static byte[] content(Peer.Call call) {
    return call.body().isMissingNode() ? new byte[0] : Json.write(call.body());
  }

  private Peer.Reply reply(String peer, OutgoingRequest request, Duration timeout) {
    try {
      var response = http.send(request, timeout);
      if (UNAVAILABLE.contains(response.status())) {
        throw unavailable(peer, Outcome.UNAVAILABLE, "status " + response.status());
      }
      var reply = new Peer.Reply(response.status(), response.headers(), document(response));
      listener.completed(peer, Outcome.REPLIED);
      return reply;
    } catch (InterruptedIOException e) {
      throw unavailable(peer, Outcome.TIMED_OUT, typeOf(e));
    } catch (IOException | MalformedJsonException e) {
      throw unavailable(peer, Outcome.FAILED, typeOf(e));
    }
  }

  /** A proxy in front of the peer can send errors in another format. */
  private static JsonNode document(Response response) {
    if (response.body().length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return Json.parse(response.body());
    } catch (MalformedJsonException e) {
      if (response.status() < 400) {
        throw e;
      }
      return MissingNode.getInstance();
    }
  }

  /** Returns the type only, because a message can contain text from the peer. */
  private static String typeOf(Exception e) {
    return (e.getCause() == null ? e : e.getCause()).getClass().getName();
  }

  private ApiException unavailable(String peer, Outcome outcome, String reason) {
    listener.completed(peer, outcome);
    LOG.atWarn()
        .setMessage("Call to a peer failed")
        .addKeyValue("peer", peer)
        .addKeyValue("outcome", outcome)
        .addKeyValue("reason", reason)
        .log();
    var detail = "A service that this request requires is unavailable.";
    return new ApiException(new ApiError.Unavailable(detail, RETRY_AFTER));
  }

  @Override
  public void close() {
    http.close();
  }
}
