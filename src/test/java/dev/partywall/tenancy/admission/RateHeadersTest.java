package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.AdmissionFixture.ACME;
import static dev.partywall.tenancy.admission.AdmissionFixture.SECOND;
import static dev.partywall.tenancy.admission.AdmissionFixture.registered;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Limits;
import dev.partywall.tenancy.Limits.Rate;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TestExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;
import org.junit.jupiter.api.Test;

class RateHeadersTest {
  private static final Handler OK = _ -> Response.of(200);
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE).with(new Match.NoMatch());

  private final AdmissionFixture fixture = new AdmissionFixture();
  private final RateHeaders headers = new RateHeaders(fixture.limiter);
  private final Filter problems = new ProblemDetailsFilter("notes", () -> "");
  private final Admit admit = new Admit(fixture.limiter, () -> fixture.nanos);

  private static Execution execution(Tenant tenant) {
    return TestExecution.of(
        new Identity.TenantUser(
            tenant.id(), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN));
  }

  /** Sends a request through a chain whose tenant is bound outside {@code inner}. */
  private Response response(Tenant tenant, Filter inner, Handler end) {
    var execution = execution(tenant);
    Filter bind = (request, next) -> execution.callForTenant(tenant, () -> next.handle(request));
    var chain = Filter.chain(List.of(headers, problems, bind, inner), end);
    return execution.call(() -> chain.handle(REQUEST));
  }

  private Response response(Tenant tenant) {
    return response(tenant, admit, OK);
  }

  private static List<String> fields(Response response, String name) {
    return response.headers().all(name);
  }

  /** Returns the parameters by the name of the policy. */
  private static Map<String, Map<String, Object>> parsed(Response response, String name) {
    var policies = new LinkedHashMap<String, Map<String, Object>>();
    for (var item : Parser.parseList(fields(response, name).getFirst()).get()) {
      var parameters = new LinkedHashMap<String, Object>();
      item.getParams().forEach((key, value) -> parameters.put(key, value.get()));
      policies.put(assertInstanceOf(StringItem.class, item).get(), parameters);
    }
    return policies;
  }

  private static Object parameter(Response response, String name, String policy, String key) {
    var parameters = Objects.requireNonNull(parsed(response, name).get(policy));
    return Objects.requireNonNull(parameters.get(key));
  }

  @Test
  void describesThePoliciesAndTheirState() {
    fixture.used = 1_000;
    fixture.advance(SECOND);

    var response = response(ACME);

    assertEquals(
        List.of(
            "\"burst\";q=20;w=2, \"month\";q=100000;w=2592000,"
                + " \"in-flight\";q=5;qu=\"concurrent-requests\""),
        fields(response, "RateLimit-Policy"));
    assertEquals(
        List.of("\"burst\";r=19;t=1, \"month\";r=98999;t=2591999"), fields(response, "RateLimit"));
  }

  @Test
  void theFieldsAreStructuredFields() {
    fixture.used = 1_000;
    var response = response(ACME);
    assertEquals(
        Map.of(
            "burst", Map.of("q", 20L, "w", 2L),
            "month", Map.of("q", 100_000L, "w", 2_592_000L),
            "in-flight", Map.of("q", 5L, "qu", "concurrent-requests")),
        parsed(response, "RateLimit-Policy"));
    assertEquals(
        Map.of("burst", Map.of("r", 19L, "t", 1L), "month", Map.of("r", 98_999L, "t", 2_592_000L)),
        parsed(response, "RateLimit"));
  }

  @Test
  void theLastRequestOfTheMonthLeavesNone() {
    fixture.used = 99_999;
    var last = response(ACME);
    assertEquals(200, last.status());
    assertEquals(0L, parameter(last, "RateLimit", "month", "r"));
    fixture.used = 100_000;
    var rejected = response(ACME);
    assertEquals(429, rejected.status());
    assertEquals(0L, parameter(rejected, "RateLimit", "month", "r"));
  }

  @Test
  void aRejectedRequestTakesNothingFromTheMonth() {
    fixture.used = 99_000;
    for (var i = 0; i < 20; i++) {
      assertEquals(999L, parameter(response(ACME), "RateLimit", "month", "r"));
    }
    var rejected = response(ACME);
    assertEquals(429, rejected.status());
    assertEquals(1_000L, parameter(rejected, "RateLimit", "month", "r"));
  }

  @Test
  void roundsTheWindowAndTheTimeUp() {
    fixture.tiers.put("slow", limits(new Rate(3, 10)));
    var tenant = registered("acme", "slow", 1);
    assertEquals(4L, parameter(response(tenant), "RateLimit-Policy", "burst", "w"));
    assertEquals(1L, parameter(response(tenant), "RateLimit", "burst", "t"));
  }

  private static Limits limits(Rate rate) {
    return new Limits(1, Optional.of(rate), OptionalLong.empty(), OptionalLong.empty());
  }

  @Test
  void aRejectionNamesThePolicyAndTheTimeOfTheNextRequest() {
    for (var i = 0; i < 20; i++) {
      assertEquals(200, response(ACME).status());
    }
    var response = response(ACME);
    assertEquals(429, response.status());
    assertEquals(Map.of("r", 0L, "t", 1L), parsed(response, "RateLimit").get("burst"));
    assertEquals(List.of("1"), fields(response, "Retry-After"));
  }

  @Test
  void aRequestThatIsRejectedAfterItsAdmissionHasTheFields() {
    var response = response(ACME, admit, _ -> reject());
    assertEquals(404, response.status());
    assertEquals(19L, parameter(response, "RateLimit", "burst", "r"));
  }

  @Test
  void aRequestThatIsRejectedBeforeItsAdmissionConsumesNothing() {
    for (var i = 0; i < 50; i++) {
      var response = response(ACME, (_, _) -> reject(), OK);
      assertEquals(404, response.status());
      assertEquals(Map.of("r", 20L, "t", 0L), parsed(response, "RateLimit").get("burst"));
    }
  }

  private static Response reject() {
    throw new ApiException(new ApiError.NotFound());
  }

  @Test
  void omitsLimitsThatDoNotExist() {
    fixture.tiers.put("none", Limits.NONE);
    var unlimited = response(registered("acme", "none", 1));
    assertEquals(List.of(), fields(unlimited, "RateLimit-Policy"));
    assertEquals(List.of(), fields(unlimited, "RateLimit"));

    fixture.tiers.put(
        "in-flight", new Limits(1, Optional.empty(), OptionalLong.of(7), OptionalLong.empty()));
    var inFlight = response(registered("globex", "in-flight", 1));
    assertEquals(Set.of("in-flight"), parsed(inFlight, "RateLimit-Policy").keySet());
    assertEquals(List.of(), fields(inFlight, "RateLimit"));
  }

  @Test
  void aResponseWithoutTenantHasNoFields() {
    var unauthenticated = TestExecution.create().call(() -> headers.filter(REQUEST, OK));
    assertEquals(List.of(), fields(unauthenticated, "RateLimit-Policy"));
    var unbound = execution(ACME).call(() -> headers.filter(REQUEST, OK));
    assertEquals(List.of(), fields(unbound, "RateLimit-Policy"));
  }

  /** An operator's request is not limited by the tenant that it works on. */
  @Test
  void aResponseToAnOperatorHasNoFields() {
    var execution = TestExecution.of(new Identity.Operator("olga", Set.of()));
    Handler forAcme = request -> execution.callForTenant(ACME, () -> OK.handle(request));
    var response = execution.call(() -> headers.filter(REQUEST, forAcme));
    assertEquals(List.of(), fields(response, "RateLimit-Policy"));
  }
}
