package dev.partywall.observability.audit;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.RouteLabels;
import dev.partywall.http.TokenRedaction;
import dev.partywall.tenancy.Execution;
import java.util.Optional;
import java.util.Set;

/**
 * A filter that records actor, action and object of every change, of every read of certain routes,
 * and of every request that is rejected as unauthenticated or forbidden. Business code therefore
 * writes no audit entries. It runs inside the filter that converts API errors to responses, and
 * around every filter that rejects requests.
 */
public final class AuditFilter implements Filter {
  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
  // A path of 8 KB in each of many rejected requests would fill the log's buffer.
  private static final int MAX_OBJECT_LENGTH = 256;

  private final AuditLog auditLog;
  private final Set<String> recordedReads;

  /**
   * Writes entries to {@code auditLog}.
   *
   * @param recordedReads the templates of the routes whose reads are recorded like changes
   */
  public AuditFilter(AuditLog auditLog, Set<String> recordedReads) {
    this.auditLog = auditLog;
    this.recordedReads = Set.copyOf(recordedReads);
  }

  /**
   * Calls {@code next} and records the outcome.
   *
   * @throws ApiException as {@link ApiError.Unavailable} for a change or a recorded read whose
   *     entry cannot be written
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (isChange(request) || isRecordedRead(request)) {
      auditLog.requireCapacity();
    }
    try {
      var response = next.handle(request);
      record(request, response);
      return response;
    } catch (RuntimeException e) {
      recordFailure(request, e);
      throw e;
    }
  }

  // After an outage or a defect the result is unknown: DynamoDB may have made the change before.
  private void recordFailure(Request request, RuntimeException failure) {
    if (!(failure instanceof ApiException rejection)) {
      recordUnknown(request);
      return;
    }
    reason(rejection.error())
        .ifPresent(reason -> auditLog.recordRejection(action(request), object(request), reason));
    if (rejection.error() instanceof ApiError.Unavailable) {
      recordUnknown(request);
    }
  }

  /** Records that a change may have been made. An unauthenticated request changes nothing. */
  private void recordUnknown(Request request) {
    if (isChange(request) && Execution.currentIdentity().isPresent()) {
      auditLog.recordUnknown(action(request), object(request));
    }
  }

  private void record(Request request, Response response) {
    var status = response.status();
    // A handler can return one of these statuses instead of throwing an API error.
    if (status == 401 || status == 403) {
      auditLog.recordRejection(action(request), object(request), "status-" + status);
    } else if ((isChange(request) || isRecordedRead(request)) && status >= 200 && status < 300) {
      var object = response.headers().first("Location").orElse(object(request));
      if (response.replayed()) {
        auditLog.recordRepeat(action(request), object, status);
      } else {
        auditLog.recordChange(action(request), object, status);
      }
    }
  }

  private static boolean isChange(Request request) {
    return CHANGES.contains(request.method()) && request.match() instanceof Match.Found;
  }

  private boolean isRecordedRead(Request request) {
    return request.match() instanceof Match.Found found
        && recordedReads.contains(found.route().template());
  }

  private static Optional<String> reason(ApiError error) {
    return switch (error) {
      case ApiError.Unauthenticated(var reason) -> Optional.of(reason.code());
      case ApiError.Forbidden(var reason) -> Optional.of(reason.code());
      default -> Optional.empty();
    };
  }

  private static String action(Request request) {
    return RouteLabels.method(request) + " " + RouteLabels.template(request);
  }

  private static String object(Request request) {
    var path = TokenRedaction.redact(request.target().path());
    return path.length() > MAX_OBJECT_LENGTH ? path.substring(0, MAX_OBJECT_LENGTH) : path;
  }
}
