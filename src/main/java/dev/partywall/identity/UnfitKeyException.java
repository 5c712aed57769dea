package dev.partywall.identity;

import org.jspecify.annotations.Nullable;

/** A key in an issuer's set that may not verify tokens; the message says why. */
final class UnfitKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitKeyException(String message) {
    this(message, null);
  }

  UnfitKeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
