package dev.partywall.http;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A filter that turns exceptions into problem details (RFC 9457). Only this class maps errors to
 * status codes and texts. An unexpected exception becomes a 500 without details.
 */
public final class Problems implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final String QUOTA =
      "https://iana.org/assignments/http-problem-types#quota-exceeded";
  private static final String CHALLENGE = "Bearer realm=\"partywall\"";

  private final Supplier<String> traceId;

  /** Creates a filter that adds the current trace id to all problem details. */
  public Problems(Supplier<String> traceId) {
    this.traceId = traceId;
  }

  /** Calls {@code next} and turns every exception into a response. */
  @Override
  public Response filter(Request request, Handler next) {
    try {
      return next.handle(request);
    } catch (Refused refused) {
      report(refused);
      return respond(request, problem(refused.refusal()));
    } catch (Throwable fault) {
      // Throwable, because an Error requires a response and a log line as well.
      LOG.error("Request failed", fault);
      return respond(request, Problem.of(500, "Internal Server Error", "Internal error."));
    }
  }

  /**
   * Logs unavailable dependencies as warnings. Client errors are frequent and stay at debug level.
   */
  private static void report(Refused refused) {
    if (refused.getCause() != null) {
      var level = refused.refusal() instanceof Refusal.Unavailable ? Level.WARN : Level.DEBUG;
      LOG.atLevel(level)
          .log("Request rejected as {}: {}", refused.getMessage(), refused.getCause().toString());
    }
  }

  private Response respond(Request request, Problem problem) {
    return problem.response(request.target().path(), traceId.get());
  }

  private static Problem problem(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed(var detail, var closesConnection) ->
          malformed(detail, closesConnection);
      case Refusal.Unauthenticated(var tokenPresent) -> unauthenticated(tokenPresent);
      case Refusal.Forbidden(var reason) -> forbidden(reason);
      case Refusal.NotFound() -> Problem.of(404, "Not Found", "The resource does not exist.");
      case Refusal.MethodNotAllowed(var allow) ->
          Problem.of(405, "Method Not Allowed", "The Allow header lists the supported methods.")
              .with("Allow", String.join(", ", allow));
      case Refusal.Conflict(var type, var detail) -> Problem.of(409, type, "Conflict", detail);
      case Refusal.PreconditionFailed() ->
          Problem.of(412, "Precondition Failed", "The resource has changed since it was read.");
      case Refusal.TooLarge(var limit) ->
          Problem.of(413, "Content Too Large", "The request body exceeds " + limit + " bytes.");
      case Refusal.UnsupportedMediaType() ->
          Problem.of(
              415, "Unsupported Media Type", "The request body must be application/json in UTF-8.");
      case Refusal.Invalid(var errors) ->
          Problem.of(422, "invalid-body", "Invalid Body", "The request body is invalid.")
              .with(errors);
      case Refusal.IdempotencyKeyReused() ->
          Problem.of(
              422,
              "idempotency-key-reused",
              "Idempotency Key Reused",
              "The idempotency key was already used with a different request body.");
      case Refusal.PreconditionRequired() ->
          Problem.of(428, "Precondition Required", "This request requires an If-Match header.");
      case Refusal.OverQuota(var policies, var retryAfter) ->
          Problem.quota(QUOTA, "Quota Exceeded", "Too many requests.", policies)
              .with("Retry-After", seconds(retryAfter));
      case Refusal.Unavailable(var detail, var retryAfter) ->
          Problem.of(503, "Service Unavailable", detail).with("Retry-After", seconds(retryAfter));
    };
  }

  private static Problem malformed(String detail, boolean closesConnection) {
    var problem = Problem.of(400, "malformed", "Malformed Request", detail);
    return closesConnection ? problem.with("Connection", "close") : problem;
  }

  /** Adds an error code only if the request had a token (RFC 6750, section 3.1). */
  private static Problem unauthenticated(boolean tokenPresent) {
    return Problem.of(401, "Unauthorized", "A valid bearer token is required.")
        .with(
            "WWW-Authenticate", tokenPresent ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
  }

  private static Problem forbidden(Refusal.Forbidden.Reason reason) {
    var slug = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return switch (reason) {
      case INSUFFICIENT_SCOPE ->
          Problem.of(403, slug, "Insufficient Scope", "The token lacks a required scope.")
              .with("WWW-Authenticate", CHALLENGE + ", error=\"insufficient_scope\"");
      case TENANT_MISMATCH ->
          Problem.of(
              403, slug, "Tenant Mismatch", "The host names a different tenant than the token.");
      case TENANT_SUSPENDED ->
          Problem.of(403, slug, "Tenant Suspended", "The tenant is suspended.");
      case UNKNOWN_TENANT -> Problem.of(403, slug, "Unknown Tenant", "The tenant is unknown.");
    };
  }

  private static String seconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
