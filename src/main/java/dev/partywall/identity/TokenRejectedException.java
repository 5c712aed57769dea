package dev.partywall.identity;

import dev.partywall.error.TokenRejection;
import org.jspecify.annotations.Nullable;

/** Thrown when a token fails a check. Rejections are frequent, so it has no stack trace. */
final class TokenRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final TokenRejection reason;

  TokenRejectedException(TokenRejection reason) {
    this(reason, null);
  }

  TokenRejectedException(TokenRejection reason, @Nullable Throwable cause) {
    super(reason.name(), cause, false, false);
    this.reason = reason;
  }

  TokenRejection reason() {
    return reason;
  }
}
