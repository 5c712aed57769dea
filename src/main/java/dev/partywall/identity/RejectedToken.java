package dev.partywall.identity;

import org.jspecify.annotations.Nullable;

/** Thrown when a token fails a check. Rejections are frequent, so it has no stack trace. */
final class RejectedToken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Rejection reason;

  RejectedToken(Rejection reason) {
    this(reason, null);
  }

  RejectedToken(Rejection reason, @Nullable Throwable cause) {
    super(reason.name(), cause, false, false);
    this.reason = reason;
  }

  Rejection reason() {
    return reason;
  }
}
