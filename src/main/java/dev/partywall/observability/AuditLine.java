package dev.partywall.observability;

/** A log line as classified by the verifier. */
sealed interface AuditLine {
  /** A line that does not belong to the audit log. */
  record OtherLine() implements AuditLine {}

  /** A line that claims to be an entry but is invalid. */
  record InvalidEntry(String reason) implements AuditLine {}

  /**
   * An entry whose hash matches its bytes.
   *
   * @param after the previous chain, in a chain's first entry; otherwise empty
   */
  record AuditEntry(
      String chain, long seq, String action, String after, String previous, String hash)
      implements AuditLine {}

  /** A published chain head: the sequence number and hash of the last entry at that time. */
  record ChainHead(String chain, long seq, String hash) implements AuditLine {}
}
