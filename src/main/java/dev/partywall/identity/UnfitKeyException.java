package dev.partywall.identity;

import org.jspecify.annotations.Nullable;

/** Thrown for a key that must not verify tokens; the message contains the reason. */
final class UnfitKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  UnfitKeyException(String message) {
    this(message, null);
  }

  UnfitKeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
