package dev.partywall;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The configuration of a service in a process of its own, without AWS and issuers. */
final class UnreachableAws {
  private static final String NOWHERE = "http://127.0.0.1:9"; // nothing listens on this port

  private UnreachableAws() {}

  /**
   * Returns a valid configuration without credentials, which a test can change.
   *
   * @param folder receives the journal
   */
  static Map<String, String> variables(Path folder) {
    return new HashMap<>(
        Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ENDPOINT_URL", NOWHERE,
            "PARTYWALL_HOST", "127.0.0.1",
            "PARTYWALL_PORT", "0",
            "PARTYWALL_MANAGEMENT_PORT", "0",
            "PARTYWALL_ISSUERS", NOWHERE,
            "PARTYWALL_AUDIENCE", "orders",
            "PARTYWALL_TENANT_ROLE_ARN", "arn:aws:iam::123456789012:role/tenant",
            "PARTYWALL_JOURNAL_DIR", folder.resolve("usage").toString()));
  }
}
