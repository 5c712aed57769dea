package dev.partywall.error;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The reasons for rejecting a request. Only {@code ProblemDetailsFilter} maps them to status codes
 * and texts.
 */
public sealed interface ApiError {
  /** A fault of a request body: its position as an RFC 6901 pointer, and a description. */
  record Fault(String pointer, String detail) {}

  /** A fault of a query parameter: its name, and a description. */
  record ParameterFault(String parameter, String detail) {}

  /**
   * 400: the request is malformed.
   *
   * @param closesConnection whether the connection cannot be used for another request
   * @param parameters the faults of query parameters
   */
  record Malformed(String detail, boolean closesConnection, List<ParameterFault> parameters)
      implements ApiError {
    /** Creates an error that concerns no query parameter. */
    public Malformed(String detail, boolean closesConnection) {
      this(detail, closesConnection, List.of());
    }

    /** Creates an error after which the connection stays open. */
    public Malformed(String detail) {
      this(detail, false);
    }

    /**
     * Returns the error of a request with invalid query parameters.
     *
     * @param faults at least one; the detail states the first one
     */
    public static Malformed of(List<ParameterFault> faults) {
      var first = faults.getFirst();
      return new Malformed(
          "The parameter " + first.parameter() + " " + first.detail() + ".", false, faults);
    }
  }

  /**
   * 400: the request does not fulfil a requirement that has a problem type of its own.
   *
   * @param type the last segment of the URI of the problem type
   */
  record BadRequest(String type, String detail) implements ApiError {}

  /**
   * 401: no token or an invalid token (RFC 6750, section 3).
   *
   * @param reason for operators; the response reveals only whether the request had a token
   */
  record Unauthenticated(TokenRejection reason) implements ApiError {}

  /** 403: the caller is authenticated but not authorized. */
  record Forbidden(Reason reason) implements ApiError {
    /** The reasons for rejecting an authenticated caller. */
    public enum Reason {
      /** The token lacks the scope that the route requires. */
      INSUFFICIENT_SCOPE,
      /** The host name of the request names a tenant other than the caller's. */
      TENANT_MISMATCH,
      /** The route requires a tenant's token, and the caller is an operator. */
      NOT_A_TENANT,
      /** The route requires an operator's token, and the caller is a user of a tenant. */
      NOT_AN_OPERATOR,
      /** A page of another site sent the request from a browser to the management port. */
      CROSS_SITE_REQUEST,
      /** The feature that the request uses is off for the tenant. */
      FEATURE_NOT_AVAILABLE,
      TENANT_SUSPENDED,
      /** The tenant is being provisioned, or is being deleted. */
      TENANT_NOT_ACTIVE,
      UNKNOWN_TENANT;

      /** Returns the code in the type of the problem details and in the audit log. */
      public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
      }
    }
  }

  /** 404: the caller's tenant has no such resource, whether or not another tenant has one. */
  record NotFound() implements ApiError {}

  /**
   * 404: something else that the request names does not exist.
   *
   * @param type the last segment of the URI of the problem type
   */
  record Missing(String type, String detail) implements ApiError {}

  /** 405: the path supports only these methods. */
  record MethodNotAllowed(Set<String> allow) implements ApiError {}

  /**
   * 409: the state of the resource does not allow the request.
   *
   * @param type the last segment of the URI of the problem type
   */
  record Conflict(String type, String detail) implements ApiError {}

  /**
   * 412: If-Match does not match the current version of the resource, or If-None-Match matches it.
   */
  record PreconditionFailed(Condition condition) implements ApiError {
    /** The condition that is false (RFC 9110, section 13.1). */
    public enum Condition {
      /** If-Match does not contain the current entity tag. */
      IF_MATCH,
      /** If-Match contains weak entity tags only, or the current one as a weak entity tag. */
      IF_MATCH_WEAK,
      /** If-None-Match contains the current entity tag, or is {@code *}. */
      IF_NONE_MATCH
    }
  }

  /** 413: the body exceeds {@code limit} bytes. */
  record TooLarge(long limit) implements ApiError {}

  /** 431: the request has more than {@code limit} header fields (RFC 6585, section 5). */
  record TooManyFields(int limit) implements ApiError {}

  /**
   * 415: the body is not declared as JSON in UTF-8.
   *
   * @param required the required media type
   */
  record UnsupportedMediaType(String required) implements ApiError {
    /** Creates an error of a route that requires {@code application/json}. */
    public UnsupportedMediaType() {
      this("application/json");
    }
  }

  /**
   * 421: the request names a host that this listener does not serve (RFC 9110, section 15.5.20).
   */
  record MisdirectedRequest() implements ApiError {}

  /** 422: the body is well-formed but invalid; lists all faults. */
  record Invalid(List<Fault> errors) implements ApiError {}

  /**
   * 422: the body is valid, but the service does not support the request.
   *
   * @param type the last segment of the URI of the problem type
   */
  record Unprocessable(String type, String detail) implements ApiError {}

  /** 422: the idempotency key was already used with a different body. */
  record IdempotencyKeyReused() implements ApiError {}

  /** 428: the request requires If-Match (RFC 6585, section 3). */
  record PreconditionRequired() implements ApiError {}

  /** 429: these quota policies are exhausted. */
  record OverQuota(List<String> violatedPolicies, Duration retryAfter) implements ApiError {}

  /** 503: the request cannot be served at the moment. */
  record Unavailable(String detail, Duration retryAfter) implements ApiError {}

  /** 503: the service as a whole is at capacity. */
  record AtCapacity(Duration retryAfter) implements ApiError {}
}
