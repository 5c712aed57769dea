package dev.partywall.local.aws.sigv4;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header {@code AuthorizationHeader: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…,
 * Signature=…}.
 */
record AuthorizationHeader(
    String accessKeyId, CredentialScope scope, List<String> signedHeaders, String signature) {
  static AuthorizationHeader parse(String header) {
    if (!header.startsWith(CredentialScope.ALGORITHM + " ")) {
      throw incomplete("Unsupported AWS 'algorithm': '" + header.split(" ", 2)[0] + "'.");
    }
    var members = members(header);
    var credential = member(members, "Credential", header).split("/", -1);
    if (credential.length != 5) {
      throw incomplete("Credential must have exactly 5 slash-delimited elements, got '" + header);
    }
    return new AuthorizationHeader(
        credential[0],
        new CredentialScope(credential[1], credential[2], credential[3], credential[4]),
        List.of(member(members, "SignedHeaders", header).split(";", -1)),
        member(members, "Signature", header));
  }

  private static Map<String, String> members(String header) {
    var members = new HashMap<String, String>();
    for (var part : header.substring(CredentialScope.ALGORITHM.length()).split(",", -1)) {
      var pair = part.strip().split("=", 2);
      if (pair.length != 2 || members.put(pair[0], pair[1]) != null) {
        throw incomplete("'" + part.strip() + "' not a valid key=value pair in Authorization.");
      }
    }
    return members;
  }

  private static String member(Map<String, String> members, String name, String header) {
    var value = members.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw incomplete(
          "Authorization header requires '%s' parameter. Authorization=%s".formatted(name, header));
    }
    return value;
  }

  private static AwsFault incomplete(String message) {
    return new AwsFault(AwsErrorCode.INCOMPLETE_SIGNATURE, message);
  }
}
