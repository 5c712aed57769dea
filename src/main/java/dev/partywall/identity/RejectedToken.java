package dev.partywall.identity;

import org.jspecify.annotations.Nullable;

/** Says which check a token failed. It happens all day, so it has no stack. */
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
