package dev.partywall.http.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemDetailsFilterTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void returnsResponsesUnchanged() {
    var response = Response.of(204);

    assertEquals(
        response,
        new ProblemDetailsFilter("notes", () -> TRACE).filter(request("/orders/1"), _ -> response));
  }

  @Test
  void writesAllMembersOfTheProblemDetails() {
    var response = reject(new ApiError.NotFound());

    assertEquals(404, response.status());
    assertEquals(Optional.of("application/problem+json"), response.headers().first("content-type"));
    var problem = body(response);
    assertEquals("about:blank", problem.get("type").textValue());
    assertEquals("Not Found", problem.get("title").textValue());
    assertEquals(404, problem.get("status").intValue());
    assertEquals("/orders/1", problem.get("instance").textValue());
    assertEquals(TRACE, problem.get("traceId").textValue());
    assertTrue(problem.has("detail"));
    assertFalse(problem.has("errors"));
  }

  @Test
  void mapsEveryErrorToItsStatus() {
    assertEquals(400, reject(new ApiError.Malformed("x")).status());
    assertEquals(409, reject(new ApiError.Conflict("order-closed", "x")).status());
    assertEquals(413, reject(new ApiError.TooLarge(262_144)).status());
    assertEquals(415, reject(new ApiError.UnsupportedMediaType()).status());
    assertEquals(421, reject(new ApiError.MisdirectedRequest()).status());
    assertEquals(422, reject(new ApiError.IdempotencyKeyReused()).status());
    assertEquals(428, reject(new ApiError.PreconditionRequired()).status());
    assertEquals(431, reject(new ApiError.TooManyFields(100)).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IF_MATCH | If-Match does not contain the current entity tag of the resource.",
        "IF_MATCH_WEAK | A weak entity tag (W/) in If-Match never matches. Send the strong entity tag.",
        "IF_NONE_MATCH | The resource exists, and If-None-Match matches it.",
      })
  void namesThePreconditionThatFailed(
      ApiError.PreconditionFailed.Condition condition, String detail) {
    var response = reject(new ApiError.PreconditionFailed(condition));

    assertEquals(412, response.status());
    assertEquals(detail, body(response).get("detail").textValue());
  }

  @Test
  void namesTheInvalidQueryParameters() {
    var faults =
        List.of(
            new ApiError.ParameterFault("limits", "is unknown"),
            new ApiError.ParameterFault("limit", "must be a number from 1 to 100"));
    var problem = body(reject(ApiError.Malformed.of(faults)));

    assertEquals("The parameter limits is unknown.", problem.get("detail").textValue());
    assertEquals("https://partywall.dev/problems/notes/malformed", problem.get("type").textValue());
    assertEquals(
        "[{\"parameter\":\"limits\",\"detail\":\"is unknown\"},"
            + "{\"parameter\":\"limit\",\"detail\":\"must be a number from 1 to 100\"}]",
        problem.get("errors").toString());
  }

  @Test
  void namesTheRequiredMediaType() {
    var json = body(reject(new ApiError.UnsupportedMediaType()));
    var patch = body(reject(new ApiError.UnsupportedMediaType("application/merge-patch+json")));

    assertEquals(
        "The request body must be application/json in UTF-8.", json.get("detail").textValue());
    assertEquals(
        "The request body must be application/merge-patch+json in UTF-8.",
        patch.get("detail").textValue());
  }

  @Test
  void writesTheTypeOfAnUnprocessableRequest() {
    var response = reject(new ApiError.Unprocessable("no-provisioner", "No provisioner exists."));

    assertEquals(422, response.status());
    var problem = body(response);
    assertEquals(
        "https://partywall.dev/problems/notes/no-provisioner", problem.get("type").textValue());
    assertEquals("Unprocessable Content", problem.get("title").textValue());
    assertEquals("No provisioner exists.", problem.get("detail").textValue());
  }

  @Test
  void closesTheConnectionOnlyWhenTheFramingIsAmbiguous() {
    var ambiguous = reject(new ApiError.Malformed("x", true));

    assertEquals(Optional.of("close"), ambiguous.headers().first("Connection"));
    assertTrue(reject(new ApiError.Malformed("x")).headers().first("Connection").isEmpty());
  }

  @Test
  void addsAnErrorCodeOnlyWhenTheRequestHadAToken() {
    var none =
        reject(new ApiError.Unauthenticated(TokenRejection.NO_BEARER))
            .headers()
            .first("WWW-Authenticate");
    var bad =
        reject(new ApiError.Unauthenticated(TokenRejection.EXPIRED))
            .headers()
            .first("WWW-Authenticate");

    assertEquals(Optional.of("Bearer realm=\"notes\""), none);
    assertEquals(Optional.of("Bearer realm=\"notes\", error=\"invalid_token\""), bad);
  }

  @ParameterizedTest
  @EnumSource
  void givesEveryReasonForA403ADistinctType(ApiError.Forbidden.Reason reason) {
    var response = reject(new ApiError.Forbidden(reason));

    assertEquals(403, response.status());
    var slug = reason.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    assertEquals(
        "https://partywall.dev/problems/notes/" + slug, body(response).get("type").textValue());
    var challenge = response.headers().first("WWW-Authenticate");
    assertEquals(reason == ApiError.Forbidden.Reason.INSUFFICIENT_SCOPE, challenge.isPresent());
  }

  @Test
  void listsTheAllowedMethods() {
    var response = reject(new ApiError.MethodNotAllowed(new TreeSet<>(List.of("PUT", "GET"))));

    assertEquals(405, response.status());
    assertEquals(Optional.of("GET, PUT"), response.headers().first("Allow"));
  }

  @Test
  void namesTheRegisteredTypeOfAServiceAtCapacity() {
    var response = reject(new ApiError.AtCapacity(Duration.ofSeconds(1)));

    assertEquals(503, response.status());
    assertEquals(Optional.of("1"), response.headers().first("Retry-After"));
    assertEquals(
        "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
        body(response).get("type").textValue());
  }

  @Test
  void roundsRetryAfterUp() {
    var quota = reject(new ApiError.OverQuota(List.of("burst"), Duration.ofMillis(1_001)));
    var unavailable = reject(new ApiError.Unavailable("x", Duration.ZERO));

    assertEquals(429, quota.status());
    assertEquals(Optional.of("2"), quota.headers().first("Retry-After"));
    assertEquals("burst", body(quota).at("/violated-policies/0").textValue());
    assertEquals(
        "https://iana.org/assignments/http-problem-types#quota-exceeded",
        body(quota).get("type").textValue());
    assertEquals(503, unavailable.status());
    assertEquals(Optional.of("1"), unavailable.headers().first("Retry-After"));
  }

  @Test
  void listsAllFaultsOfTheBodyWithTheirPointers() {
    var faults =
        List.of(new ApiError.Fault("/items/0/quantity", "is 0"), new ApiError.Fault("", "b"));

    var problem = body(reject(new ApiError.Invalid(faults)));

    assertEquals("/items/0/quantity", problem.at("/errors/0/pointer").textValue());
    assertEquals("is 0", problem.at("/errors/0/detail").textValue());
    assertEquals("", problem.at("/errors/1/pointer").textValue());
  }

  @Test
  void truncatesQuotedTextWithoutSplittingACharacter() {
    var huge = "x" + "😀".repeat(100_000);
    var faults = java.util.Collections.nCopies(10_000, new ApiError.Fault(huge, huge));

    var response = reject(new ApiError.Invalid(faults));

    assertEquals(100, body(response).get("errors").size());
    assertTrue(response.body().length < 200_000);
    assertTrue(reject(new ApiError.Malformed(huge)).body().length < 2_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eyJhbGciOiJub25lIn0.e30.c2ln", "%65%79%4AhbGciOiJub25lIn0.e30.c2ln"})
  void redactsTokens(String token) {
    var faults = List.of(new ApiError.Fault("/" + token + "/x", token + " is unknown"));

    var problem =
        body(respond(new ApiException(new ApiError.Invalid(faults)), "/orders/" + token + "/x"));

    assertEquals("/orders/[token]/x", problem.get("instance").textValue());
    assertEquals("/[token]/x", problem.at("/errors/0/pointer").textValue());
    assertEquals("[token] is unknown", problem.at("/errors/0/detail").textValue());
  }

  @Test
  void revealsNothingAboutInternalErrors() {
    var faults = List.of(new IllegalStateException("secret"), new StackOverflowError("secret"));
    for (var fault : faults) {
      var response = respond(fault);

      assertEquals(500, response.status());
      var text = new String(response.body(), StandardCharsets.UTF_8);
      assertFalse(text.contains("secret") || text.contains("java") || text.contains("Exception"));
    }
  }

  private static Response reject(ApiError refusal) {
    return respond(new ApiException(refusal));
  }

  private static Response respond(Throwable thrown) {
    return respond(thrown, "/orders/1");
  }

  private static Response respond(Throwable thrown, String path) {
    return new ProblemDetailsFilter("notes", () -> TRACE)
        .filter(
            request(path),
            _ -> {
              switch (thrown) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(thrown);
              }
            });
  }

  private static JsonNode body(Response response) {
    return Json.parse(response.body());
  }

  private static Request request(String path) {
    var target = new RequestTarget(path, List.of("orders", "1"), java.util.Map.of());
    return Request.of("GET", target, Headers.NONE, Body.NONE);
  }
}
