package dev.partywall.local.aws.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came in, read to its end.
 *
 * @param path as sent, still encoded
 * @param query as sent, still encoded; empty where there is none
 * @param headers by lower-case name
 * @param sourceIp the address of the caller
 */
// Never compared, never a key.
@SuppressWarnings("ArrayRecordComponent")
public record AwsRequest(
    String method,
    String path,
    String query,
    Map<String, List<String>> headers,
    byte[] body,
    String sourceIp) {

  /** A header that was sent exactly once; one that came twice is no header that can be trusted. */
  public Optional<String> header(String name) {
    var values = headers.getOrDefault(name, List.of());
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
