package dev.partywall.peers;

/** Receives the outcome of each call to a peer. */
@FunctionalInterface
public interface PeerListener {
  /** The outcome of a call. */
  enum Outcome {
    /** The peer has replied. */
    REPLIED,
    /** The peer or a proxy has replied with 502, 503 or 504. */
    UNAVAILABLE,
    /** No complete reply arrived in time. */
    TIMED_OUT,
    /** The connection failed, or the reply is invalid or too large. */
    FAILED
  }

  /** Is called after a call has ended. */
  void completed(String peer, Outcome outcome);
}
