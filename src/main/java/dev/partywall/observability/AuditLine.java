package dev.partywall.observability;

/** What a line of a log is to the verifier. */
sealed interface AuditLine {
  /** A line of somebody else. */
  record Other() implements AuditLine {}

  /** A line that says that it is an entry, and is none. */
  record Broken(String why) implements AuditLine {}

  /** An entry whose hash is that of its bytes; {@code after} is the chain before, on the first. */
  record Entry(String chain, long seq, String action, String after, String previous, String hash)
      implements AuditLine {}

  /** How far a chain had come. */
  record Head(String chain, long seq, String hash) implements AuditLine {}
}
