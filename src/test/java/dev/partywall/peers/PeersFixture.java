package dev.partywall.peers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.concurrent.Deadline;
import dev.partywall.http.client.ScriptedServer;
import dev.partywall.json.Json;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.service.Peer;
import dev.partywall.tenancy.BearerToken;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Calls a scripted server as a peer, in executions of the user alice of the tenant acme. */
final class PeersFixture implements AutoCloseable {
  static final String NAME = "peers-test";
  static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final Tenant ACME = new Tenant(new TenantId("acme"));
  static final Identity ALICE =
      new Identity.TenantUser(ACME.id(), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);

  final ScriptedServer server = new ScriptedServer();
  final List<String> outcomes = new CopyOnWriteArrayList<>();
  final Peers peers =
      new Peers(
          Map.of(NAME, server.url("/prefix"), "other", server.url("")),
          new TraceIds(() -> 1)::outgoingFields,
          (peer, outcome) -> outcomes.add(peer + " " + outcome));
  final Peer peer = call -> peers.send(NAME, call);

  PeersFixture() throws IOException {}

  /** Works for alice, with 30 s left. */
  static Peer.Reply asAlice(Supplier<Peer.Reply> work) {
    return asAlice(Duration.ofSeconds(30), work);
  }

  static Peer.Reply asAlice(Duration left, Supplier<Peer.Reply> work) {
    return bound(alice(left), work);
  }

  static Execution alice(Duration left) {
    var execution = execution();
    execution.setIdentity(ALICE);
    execution.setToken(new BearerToken(TOKEN));
    execution.setDeadline(new Deadline(left.toNanos(), () -> 0));
    return execution;
  }

  static Execution execution() {
    var trace = new Execution.Trace(Optional.empty(), 1, "vendor=1");
    return new Execution(new CorrelationIds("r1", TRACE, "00f067aa0ba902b7", trace));
  }

  static Peer.Reply bound(Execution execution, Supplier<Peer.Reply> work) {
    return execution.call(() -> execution.callForTenant(ACME, work::get));
  }

  static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    peers.close();
    server.close();
  }
}
