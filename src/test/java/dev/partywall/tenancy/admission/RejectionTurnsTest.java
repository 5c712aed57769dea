package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.RejectionPaceFixture.awaitDone;
import static dev.partywall.tenancy.admission.RejectionPaceFixture.send;

import dev.partywall.http.Handler;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.admission.RejectionPaceFixture.Delayed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The turns of the callers whose rejections are delayed. */
@Timeout(60)
class RejectionTurnsTest {
  private final RejectionPaceFixture fixture = new RejectionPaceFixture();

  @Test
  void theCallersTakeTurns() throws Exception {
    fixture.respond(401);
    fixture.respond(401);
    var anonymous = new ArrayList<Delayed>();
    var acme = new ArrayList<Delayed>();
    for (var i = 0; i < 6; i++) {
      anonymous.add(fixture.delayed(401));
    }
    for (var i = 0; i < 3; i++) {
      acme.add(fixture.delayed(() -> respondTo(tenant("acme"))));
    }
    var globex = List.of(fixture.delayed(() -> respondTo(tenant("globex"))));
    var operator = List.of(fixture.delayed(() -> respondTo(operator())));

    fixture.pass(Duration.ofSeconds(1)); // two turns
    awaitDone(anonymous, 1);
    awaitDone(acme, 1);
    awaitDone(globex, 0);
    fixture.pass(Duration.ofSeconds(1));
    awaitDone(globex, 1);
    awaitDone(operator, 1);
    awaitDone(anonymous, 1);
    fixture.pass(Duration.ofSeconds(1));
    awaitDone(anonymous, 2);
    awaitDone(acme, 2);
    fixture.pass(Duration.ofSeconds(1));
    awaitDone(anonymous, 3);
    awaitDone(acme, 3);
    fixture.pass(Duration.ofSeconds(1)); // acme has no turn any more
    awaitDone(anonymous, 5);
  }

  @Test
  void aRejectionDoesNotPassThoseThatWait() throws Exception {
    fixture.respond(401);
    fixture.respond(401);
    var earlier = fixture.delayed(401);
    fixture.now.addAndGet(Duration.ofMillis(500).toNanos()); // the rate permits one

    var later = fixture.delayed(401);

    fixture.pass(Duration.ZERO);
    awaitDone(List.of(earlier, later), 1);
  }

  /** Otherwise, an issuer could delay the rejections of a tenant that it may not assert. */
  @Test
  void theTenantOfATokenHasNoTurnBeforeItIsVerified() throws Exception {
    fixture.respond(401);
    fixture.respond(401);
    var flood = new ArrayList<Delayed>();
    for (var i = 0; i < 4; i++) {
      flood.add(
          fixture.delayed(() -> respond(TestExecution.of(user("acme")), _ -> Response.of(401))));
    }
    var acme = List.of(fixture.delayed(() -> respondTo(tenant("acme"))));

    fixture.pass(Duration.ofSeconds(1));

    awaitDone(flood, 1);
    awaitDone(acme, 1);
  }

  private Response respondTo(Handler handler) {
    return respond(TestExecution.create(), handler);
  }

  /** The server pauses after the end of the execution. */
  private Response respond(Execution execution, Handler handler) {
    return send(execution.call(() -> fixture.pace.filter(QueueFixture.REQUEST, handler)));
  }

  /** Rejects the request of a tenant's user after the tenant is bound. */
  private static Handler tenant(String name) {
    return _ -> {
      var execution = Execution.current().orElseThrow();
      execution.setIdentity(user(name));
      return execution.callForTenant(new Tenant(new TenantId(name)), () -> Response.of(429));
    };
  }

  private static Handler operator() {
    return _ -> {
      var operator = new Identity.Operator("olga", Set.of());
      Execution.current().orElseThrow().setIdentity(operator);
      return Response.of(403);
    };
  }

  private static Identity user(String tenant) {
    return new Identity.TenantUser(
        new TenantId(tenant), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);
  }
}
