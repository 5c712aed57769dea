package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalTenants;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The calls to AWS that the service makes for a request on other threads than the request's. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TracedAwsCallsTest {
  private static final List<String> TENANTS =
      IntStream.range(0, 5).mapToObj(n -> "traced-tenant-" + n).toList();

  private final Queue<ReceivedCall> calls = new ConcurrentLinkedQueue<>();
  private final ServicesWithOperators services;

  /** A call as AWS has received it. */
  private record ReceivedCall(String operation, String body, String traceparent) {
    private static final Pattern TABLE = Pattern.compile("\"TableName\":\"([^\"]+)\"");

    static ReceivedCall of(String operation, AwsRequest request) {
      return new ReceivedCall(
          operation,
          new String(request.body(), StandardCharsets.UTF_8),
          request.header("traceparent").orElse(""));
    }

    boolean names(String text) {
      return body.contains(text);
    }

    boolean isIn(String trace) {
      return traceparent.matches("00-" + trace + "-[0-9a-f]{16}-03");
    }

    /** Returns the operation and the table without its prefix. */
    String target(String prefix) {
      var table = TABLE.matcher(body);
      return table.find() ? operation + " " + table.group(1).substring(prefix.length()) : operation;
    }
  }

  TracedAwsCallsTest(LocalDynamo dynamo) throws IOException {
    services = new ServicesWithOperators(dynamo);
  }

  @BeforeEach
  void start(LocalDynamo dynamo) throws Exception {
    try (var engine = dynamo.client()) {
      LocalTenants.register(
          engine,
          services.fixture.prefix,
          TENANTS.stream()
              .map(id -> TestPlacements.registration(new TenantId(id), new Placement.Pool()))
              .toList());
    }
    services.start(1);
    services
        .fixture
        .aws
        .aws()
        .recorder()
        .observe((operation, request) -> calls.add(ReceivedCall.of(operation, request)));
  }

  @AfterEach
  void close() {
    services.close();
  }

  private void get(String path, String token, String trace) throws IOException {
    try (var client = new RawClient(services.ports().getFirst())) {
      var field = "traceparent: 00-" + trace + "-00f067aa0ba902b7-03";
      var response = ServicesWithOperators.send(client, "GET", path, token, "", field);
      assertEquals(200, response.status(), response::text);
    }
  }

  private static String trace(int number) {
    return "4bf92f3577b34da6a3ce929d0e0e47%02x".formatted(number);
  }

  private String userOf(String tenant) {
    return services.fixture.token(tenant, "alice");
  }

  private Set<String> targets(List<ReceivedCall> received) {
    return received.stream()
        .map(call -> call.target(services.fixture.prefix))
        .collect(Collectors.toSet());
  }

  /** Background work writes the usage of the tenant, which is therefore not compared. */
  @Test
  void everyCallForTheFirstRequestOfATenantIsInTheTraceOfTheRequest() throws Exception {
    var tenant = TENANTS.getFirst();

    get("/orders", userOf(tenant), trace(1));

    var ofTenant =
        calls.stream()
            .filter(call -> call.names(tenant) && !call.names(services.fixture.prefix + "usage"))
            .toList();
    assertEquals(
        Set.of("dynamodb:GetItem tenants", "sts:AssumeRole", "dynamodb:Query orders"),
        targets(ofTenant));
    var namedIssuers = calls.stream().filter(call -> call.names("\".issuers\"")).toList();
    assertEquals(Set.of("dynamodb:GetItem tenants"), targets(namedIssuers));
    for (var call : ofTenant) {
      assertTrue(call.isIn(trace(1)), call::toString);
    }
    for (var call : namedIssuers) {
      assertTrue(call.isIn(trace(1)), call::toString);
    }
  }

  /** A periodic read can be the first to read a month, so one of five tenants is sufficient. */
  @Test
  void theReadOfTheMonthIsInTheTraceOfTheRequestThatWaitsForIt() throws Exception {
    for (var i = 0; i < TENANTS.size(); i++) {
      get("/tenant", userOf(TENANTS.get(i)), trace(i));
    }
    assertTrue(
        IntStream.range(0, TENANTS.size()).anyMatch(i -> hasReadUsage(TENANTS.get(i), trace(i))),
        calls::toString);
  }

  @Test
  void theReadsOfAllBillsAreInTheTraceOfTheRequest() throws Exception {
    get("/usage/tenants", services.operator(), trace(1));
    for (var tenant : TENANTS) {
      assertTrue(hasReadUsage(tenant, trace(1)), calls::toString);
    }
  }

  private boolean hasReadUsage(String tenant, String trace) {
    return calls.stream()
        .anyMatch(call ->
            call.isIn(trace)
                && call.names(tenant)
                && call.target(services.fixture.prefix).endsWith(" usage"));
  }
}
