package dev.partywall.http.filters;

import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.TokenRejection;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers.Field;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.StreamWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A filter that turns exceptions into problem details (RFC 9457). Only this class maps errors to
 * status codes and texts. An unexpected exception becomes a 500 without details.
 */
public final class ProblemDetailsFilter implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemDetailsFilter.class);
  private static final String TYPES = "https://partywall.dev/problems/";

  /** The types of draft-ietf-httpapi-ratelimit-headers-11, section 10.2. */
  private static final String REGISTERED_TYPES = "https://iana.org/assignments/http-problem-types#";

  /** Of almost all rejections. */
  private static final Field RETRY_AFTER_A_SECOND = new Field("Retry-After", "1");

  private final String service;
  private final Supplier<String> traceId;

  /**
   * The problem details of the errors that a flood of requests can cause, by the part of the error
   * on which their text depends: a constant of the code, so there are only a few.
   */
  private final Map<Object, EncodedProblem> encoded = new ConcurrentHashMap<>();

  /**
   * Creates a filter that adds the current trace id to all problem details.
   *
   * @param service the name of the service: part of the problem types, and the realm of the tokens
   */
  public ProblemDetailsFilter(String service, Supplier<String> traceId) {
    this.service = service;
    this.traceId = traceId;
  }

  /**
   * Calls {@code next} and turns every exception into a response. An exception from the writer of a
   * stream is only reported: the response has begun.
   */
  @Override
  public Response filter(Request request, Handler next) {
    try {
      return next.handle(request).mapWriter(ProblemDetailsFilter::reporting);
    } catch (ApiException rejection) {
      OutOfMemory.exitIfCauseOf(rejection);
      report(rejection);
      return respond(request, rejection.error());
    } catch (Throwable fault) {
      OutOfMemory.exitIfCauseOf(fault);
      // Throwable, because an Error requires a response and a log line as well.
      LOG.error("Request failed", fault);
      return respond(
          request, ProblemDetails.of(500, "Internal Server Error", "An internal error occurred."));
    }
  }

  private static StreamWriter reporting(StreamWriter writer) {
    return out -> {
      try {
        writer.write(out);
      } catch (ApiException failure) {
        report(failure);
        throw failure;
      } catch (RuntimeException | Error fault) {
        OutOfMemory.exitIfCauseOf(fault);
        LOG.error("Response stream failed", fault);
        throw fault;
      }
    };
  }

  /**
   * Logs unavailable dependencies as warnings. Client errors are frequent and stay at debug level.
   */
  private static void report(ApiException rejection) {
    if (rejection.getCause() != null) {
      var level = rejection.error() instanceof ApiError.Unavailable ? Level.WARN : Level.DEBUG;
      LOG.atLevel(level)
          .log(
              "Request rejected as {}: {}",
              rejection.getMessage(),
              rejection.getCause().toString());
    }
  }

  private Response respond(Request request, ProblemDetails problem) {
    return problem.response(request.target().path(), traceId.get());
  }

  private Response respond(Request request, ApiError error) {
    return switch (error) {
      case ApiError.Unauthenticated(var reason) ->
          respondEncoded(request, error, reason == TokenRejection.NO_BEARER, List.of());
      case ApiError.OverQuota(var policies, var retryAfter) ->
          respondEncoded(request, error, policies, List.of(retryAfter(retryAfter)));
      case ApiError.AtCapacity(var retryAfter) ->
          respondEncoded(
              request, error, ApiError.AtCapacity.class, List.of(retryAfter(retryAfter)));
      default -> respond(request, problem(error));
    };
  }

  private Response respondEncoded(
      Request request, ApiError error, Object key, List<Field> further) {
    var known = encoded.get(key);
    if (known == null) {
      known = new EncodedProblem(problem(error));
      encoded.put(key, known);
    }
    return known.response(request.target().path(), traceId.get(), further);
  }

  private ProblemDetails problem(ApiError error) {
    return switch (error) {
      case ApiError.Malformed(var detail, var closesConnection, var parameters) ->
          malformed(detail, closesConnection).withParameterFaults(parameters);
      case ApiError.BadRequest(var type, var detail) -> typed(400, type, "Bad Request", detail);
      case ApiError.Unauthenticated(var reason) -> unauthenticated(reason);
      case ApiError.Forbidden(var reason) -> forbidden(reason);
      case ApiError.NotFound() ->
          ProblemDetails.of(404, "Not Found", "The resource does not exist.");
      case ApiError.Missing(var type, var detail) -> typed(404, type, "Not Found", detail);
      case ApiError.MethodNotAllowed(var allow) ->
          ProblemDetails.of(
                  405, "Method Not Allowed", "The Allow header lists the supported methods.")
              .with("Allow", String.join(", ", allow));
      case ApiError.Conflict(var type, var detail) -> typed(409, type, "Conflict", detail);
      case ApiError.PreconditionFailed(var condition) ->
          ProblemDetails.of(412, "Precondition Failed", detail(condition));
      case ApiError.TooLarge(var limit) ->
          ProblemDetails.of(
              413, "Content Too Large", "The request body exceeds " + limit + " bytes.");
      case ApiError.TooManyFields(var limit) ->
          ProblemDetails.of(
              431,
              "Request Header Fields Too Large",
              "The request has more than " + limit + " header fields.");
      case ApiError.UnsupportedMediaType(var required) ->
          ProblemDetails.of(
              415, "Unsupported Media Type", "The request body must be " + required + " in UTF-8.");
      case ApiError.MisdirectedRequest() ->
          ProblemDetails.of(
              421,
              "Misdirected Request",
              "This port accepts only loopback names, IP addresses and configured hosts.");
      case ApiError.Invalid(var errors) ->
          typed(422, "invalid-body", "Invalid Body", "The request body is invalid.").with(errors);
      case ApiError.Unprocessable(var type, var detail) ->
          typed(422, type, "Unprocessable Content", detail);
      case ApiError.IdempotencyKeyReused() ->
          typed(
              422,
              "idempotency-key-reused",
              "Idempotency Key Reused",
              "The idempotency key was already used with a different request body.");
      case ApiError.PreconditionRequired() ->
          ProblemDetails.of(
              428, "Precondition Required", "This request requires an If-Match header.");
      case ApiError.OverQuota(var policies, _) ->
          ProblemDetails.quota(
              REGISTERED_TYPES + "quota-exceeded",
              "Quota Exceeded",
              "The request exceeds a quota.",
              policies);
      case ApiError.Unavailable(var detail, var retryAfter) ->
          ProblemDetails.of(503, "Service Unavailable", detail)
              .with("Retry-After", seconds(retryAfter));
      case ApiError.AtCapacity _ ->
          ProblemDetails.of(
              503,
              REGISTERED_TYPES + "temporary-reduced-capacity",
              "Temporary Reduced Capacity",
              "The service is at capacity.");
    };
  }

  private static String detail(ApiError.PreconditionFailed.Condition condition) {
    return switch (condition) {
      case IF_MATCH -> "If-Match does not contain the current entity tag of the resource.";
      case IF_MATCH_WEAK ->
          "A weak entity tag (W/) in If-Match never matches. Send the strong entity tag.";
      case IF_NONE_MATCH -> "The resource exists, and If-None-Match matches it.";
    };
  }

  private ProblemDetails malformed(String detail, boolean closesConnection) {
    var problem = typed(400, "malformed", "Malformed Request", detail);
    return closesConnection ? problem.with("Connection", "close") : problem;
  }

  /** Adds an error code only if the request had a token (RFC 6750, section 3.1). */
  private ProblemDetails unauthenticated(TokenRejection reason) {
    return ProblemDetails.of(401, "Unauthorized", "A valid bearer token is required.")
        .with(
            "WWW-Authenticate",
            reason == TokenRejection.NO_BEARER
                ? challenge()
                : challenge() + ", error=\"invalid_token\"");
  }

  private ProblemDetails forbidden(ApiError.Forbidden.Reason reason) {
    var slug = reason.code();
    return switch (reason) {
      case INSUFFICIENT_SCOPE ->
          typed(403, slug, "Insufficient Scope", "The token lacks a required scope.")
              .with("WWW-Authenticate", challenge() + ", error=\"insufficient_scope\"");
      case TENANT_MISMATCH ->
          typed(403, slug, "Tenant Mismatch", "The host names a different tenant than the token.");
      case NOT_A_TENANT ->
          typed(403, slug, "Not a Tenant", "This route requires a tenant's token.");
      case NOT_AN_OPERATOR ->
          typed(403, slug, "Not an Operator", "This route requires an operator's token.");
      case CROSS_SITE_REQUEST ->
          typed(403, slug, "Cross-Site Request", "A page of another site sent this request.");
      case FEATURE_NOT_AVAILABLE ->
          typed(
              403,
              slug,
              "Feature Not Available",
              "The request uses a feature that is not available to the tenant.");
      case TENANT_SUSPENDED -> typed(403, slug, "Tenant Suspended", "The tenant is suspended.");
      case TENANT_NOT_ACTIVE ->
          typed(
              403, slug, "Tenant Not Active", "The tenant is being prepared or is being deleted.");
      case UNKNOWN_TENANT -> typed(403, slug, "Unknown Tenant", "The tenant is unknown.");
    };
  }

  /** Returns problem details of a type that this service defines. */
  private ProblemDetails typed(int status, String slug, String title, String detail) {
    var type = TYPES + service + "/" + slug;
    return ProblemDetails.of(status, type, title, detail);
  }

  private String challenge() {
    return "Bearer realm=\"" + service + "\"";
  }

  private static Field retryAfter(Duration wait) {
    var seconds = seconds(wait);
    return seconds.equals("1") ? RETRY_AFTER_A_SECOND : new Field("Retry-After", seconds);
  }

  private static String seconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }
}
