package dev.partywall.bench;

import java.util.Map;

/** What every service finds in its environment. */
final class Surroundings {
  private Surroundings() {}

  static Map<String, String> of(StubProcess stub, int port) {
    return Map.of(
        "PORT", Integer.toString(port),
        "ISSUER", stub.address(),
        "PARTYWALL_PORT", Integer.toString(port),
        "PARTYWALL_ISSUERS", stub.address(),
        "AWS_REGION", "eu-central-1",
        "AWS_ACCESS_KEY_ID", "AKIABENCH",
        "AWS_SECRET_ACCESS_KEY", "bench",
        "AWS_ENDPOINT_URL_DYNAMODB", stub.address(),
        "AWS_ENDPOINT_URL_STS", stub.address());
  }
}
