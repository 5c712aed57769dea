package dev.partywall.http;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one place where a refusal gets its status code and its words (RFC 9457), and where what
 * nobody thought of becomes a 500 that says nothing.
 */
public final class Problems implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String QUOTA =
      "https://iana.org/assignments/http-problem-types#quota-exceeded";
  private static final String CHALLENGE = "Bearer realm=\"partywall\"";

  private final Supplier<String> traceId;

  /** Problems that name the trace in which they came up. */
  public Problems(Supplier<String> traceId) {
    this.traceId = traceId;
  }

  /** Asks {@code next}; whatever is thrown becomes an answer. */
  @Override
  public Response filter(Request request, Handler next) {
    try {
      return next.handle(request);
    } catch (Refused refused) {
      report(refused);
      return answer(request, problem(refused.refusal()));
    } catch (Throwable fault) {
      // An Error too: the caller must not be left without an answer, nor the log without a line.
      LOG.error("a request failed", fault);
      return answer(request, Problem.of(500, "Internal Server Error", "something went wrong here"));
    }
  }

  /** What is away is the operator's business; a caller's own faults come by the thousand. */
  private static void report(Refused refused) {
    if (refused.getCause() != null) {
      var level = refused.refusal() instanceof Refusal.Unavailable ? Level.WARN : Level.DEBUG;
      LOG.atLevel(level).log("{}: {}", refused.getMessage(), refused.getCause().toString());
    }
  }

  private Response answer(Request request, Problem problem) {
    return problem.response(request.target().path(), traceId.get());
  }

  private static Problem problem(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed(var detail, var closes) -> malformed(detail, closes);
      case Refusal.Unauthenticated(var tokenGiven) -> unauthenticated(tokenGiven);
      case Refusal.Forbidden(var reason) -> forbidden(reason);
      case Refusal.NotFound() -> Problem.of(404, "Not Found", "there is nothing here");
      case Refusal.MethodNotAllowed(var allow) ->
          Problem.of(405, "Method Not Allowed", "the Allow field says which methods there are")
              .with("Allow", String.join(", ", allow));
      case Refusal.Conflict(var type, var detail) -> Problem.of(409, type, "Conflict", detail);
      case Refusal.PreconditionFailed() ->
          Problem.of(412, "Precondition Failed", "it has changed since it was read");
      case Refusal.TooLarge(var limit) ->
          Problem.of(413, "Content Too Large", "a body may have " + limit + " bytes");
      case Refusal.UnsupportedMediaType() ->
          Problem.of(415, "Unsupported Media Type", "a body is application/json in UTF-8");
      case Refusal.Invalid(var errors) ->
          Problem.of(422, "invalid-body", "Invalid Body", "the body does not hold").with(errors);
      case Refusal.IdempotencyKeyReused() ->
          Problem.of(
              422,
              "idempotency-key-reused",
              "Idempotency Key Reused",
              "the key came before, with another body");
      case Refusal.PreconditionRequired() ->
          Problem.of(428, "Precondition Required", "a change needs If-Match");
      case Refusal.OverQuota(var policies, var retryAfter) ->
          Problem.quota(QUOTA, "Quota Exceeded", "too many requests", policies)
              .with("Retry-After", seconds(retryAfter));
      case Refusal.Unavailable(var detail, var retryAfter) ->
          Problem.of(503, "Service Unavailable", detail).with("Retry-After", seconds(retryAfter));
    };
  }

  private static Problem malformed(String detail, boolean closes) {
    var problem = Problem.of(400, "malformed", "Malformed Request", detail);
    return closes ? problem.with("Connection", "close") : problem;
  }

  /** RFC 6750, section 3.1: no error code where no token was given. */
  private static Problem unauthenticated(boolean tokenGiven) {
    return Problem.of(401, "Unauthorized", "a bearer token that holds is needed")
        .with("WWW-Authenticate", tokenGiven ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
  }

  private static Problem forbidden(Refusal.Forbidden.Reason reason) {
    var slug = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return switch (reason) {
      case INSUFFICIENT_SCOPE ->
          Problem.of(403, slug, "Insufficient Scope", "the token lacks a right")
              .with("WWW-Authenticate", CHALLENGE + ", error=\"insufficient_scope\"");
      case TENANT_MISMATCH ->
          Problem.of(403, slug, "Tenant Mismatch", "the host names another tenant than the token");
      case TENANT_SUSPENDED -> Problem.of(403, slug, "Tenant Suspended", "the tenant is suspended");
      case UNKNOWN_TENANT -> Problem.of(403, slug, "Unknown Tenant", "the tenant is not known");
    };
  }

  private static String seconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
