package dev.partywall.local;

import java.nio.file.Path;
import java.util.Map;

/** Prints example commands for a running local stack. */
final class StartupInstructions {
  private StartupInstructions() {}

  static String of(LocalPorts ports, Map<String, String> variables, Path target) {
    return """

    Partywall is ready. Try these commands in another terminal:

      TOKEN=$(curl -s "%1$s/token?tenant=acme&user=alice&scope=orders:read%%20orders:write%%20usage:read")
      curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:%2$d/orders?limit=2"
      curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -i \\
        -d '{"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}' \\
        http://127.0.0.1:%2$d/orders

      curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:%2$d/usage?granularity=day"

      curl -s http://127.0.0.1:%3$d/health/ready     service health
      curl -s http://127.0.0.1:%3$d/metrics          Prometheus metrics
      curl -s http://127.0.0.1:%2$d/openapi.json     API description

    Tenants: acme, globex, initech. AWS (STS and DynamoDB, behind IAM policies): %4$s
    A second instance against the same stack:
      (set -a; . %5$s/local.env; exec %6$s -jar %5$s/partywall.jar)

    Ctrl-C stops everything.
    """
        .formatted(
            variables.get("PARTYWALL_ISSUERS"),
            ports.service(),
            ports.management(),
            variables.get("AWS_ENDPOINT_URL_DYNAMODB"),
            target,
            ServiceProcess.javaExecutable());
  }
}
