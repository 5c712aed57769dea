package dev.partywall.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Every way in which the answer is no. {@link Problems} gives each its status code and its words;
 * no other place does.
 */
public sealed interface Refusal {
  /** What is wrong with one place of a body: an RFC 6901 pointer, and words. */
  record Fault(String pointer, String detail) {}

  /**
   * 400: the message can't be understood. {@code closes}: nor can what follows on the connection.
   */
  record Malformed(String detail, boolean closes) implements Refusal {
    /** A fault of this one message. */
    public Malformed(String detail) {
      this(detail, false);
    }
  }

  /** 401: no token, or one that does not hold (RFC 6750, section 3). Says no more than that. */
  record Unauthenticated(boolean tokenGiven) implements Refusal {}

  /** 403: known, but not allowed. */
  record Forbidden(Reason reason) implements Refusal {
    /** Why; the name is the problem's type. */
    public enum Reason {
      INSUFFICIENT_SCOPE,
      TENANT_MISMATCH,
      TENANT_SUSPENDED,
      UNKNOWN_TENANT
    }
  }

  /** 404: not there, or not yours, which is the same. */
  record NotFound() implements Refusal {}

  /** 405: the methods that are allowed instead. */
  record MethodNotAllowed(Set<String> allow) implements Refusal {}

  /** 409: the state of the thing does not allow it. */
  record Conflict(String type, String detail) implements Refusal {}

  /** 412: the thing has changed since. */
  record PreconditionFailed() implements Refusal {}

  /** 413: over so many bytes. */
  record TooLarge(long limit) implements Refusal {}

  /** 415: not JSON. */
  record UnsupportedMediaType() implements Refusal {}

  /** 422: understood, but it does not hold; all faults at once. */
  record Invalid(List<Fault> errors) implements Refusal {}

  /** 422: the idempotency key came before, with another body. */
  record IdempotencyKeyReused() implements Refusal {}

  /** 428: a change needs If-Match (RFC 6585, section 3). */
  record PreconditionRequired() implements Refusal {}

  /** 429: the policies that are used up, and when to come back. */
  record OverQuota(List<String> violatedPolicies, Duration retryAfter) implements Refusal {}

  /** 503: not now; come back later. */
  record Unavailable(String detail, Duration retryAfter) implements Refusal {}
}
