package dev.partywall.local.aws.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A completely read request.
 *
 * @param path as sent, still encoded
 * @param query as sent, still encoded; empty if absent
 * @param headers by lower-case name
 * @param sourceIp the address of the caller
 */
// Instances are never compared or used as keys.
@SuppressWarnings("ArrayRecordComponent")
public record AwsRequest(
    String method,
    String path,
    String query,
    Map<String, List<String>> headers,
    byte[] body,
    String sourceIp) {

  /**
   * Returns a header that was sent exactly once. A repeated header counts as absent, because its
   * value is ambiguous.
   */
  public Optional<String> header(String name) {
    var values = headers.getOrDefault(name, List.of());
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
