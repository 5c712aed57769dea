package dev.partywall.local;

import java.nio.file.Path;
import java.util.Map;

/** Prints example commands for a running local stack. */
final class StartupInstructions {
  private StartupInstructions() {}

  /**
   * Returns the instructions. Every AWS call names its endpoint: a client that ignores {@code
   * AWS_ENDPOINT_URL_DYNAMODB}, as older ones do, would call the real AWS.
   *
   * @param target the absolute path of the directory with the jar and {@code local.env}
   */
  static String of(LocalPorts ports, Map<String, String> variables, Path target) {
    return """

    Partywall is ready. Try these commands in another terminal:

      TOKEN=$(curl -s "%1$s/token?tenant=acme&user=alice&scope=orders:read%%20orders:write%%20usage:read")
      curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:%2$d/orders?limit=2"
      curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -i \\
        -d '{"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}' \\
        http://127.0.0.1:%2$d/orders
      curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:%2$d/usage?granularity=day"

    The neighbour globex requests acme's order, and gets 404 as for an order that does not exist:

      ID=$(curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:%2$d/orders?limit=1" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
      NEIGHBOUR=$(curl -s "%1$s/token?tenant=globex&user=mallory&scope=orders:read")
      curl -s -i -H "Authorization: Bearer $NEIGHBOUR" "http://127.0.0.1:%2$d/orders/$ID"

    Break in as a buggy service (curl 7.87 or later). Its own credentials get AccessDeniedException:

      (cd %5$s && . %6$s/local.env && curl -s %4$s \\
        --aws-sigv4 "aws:amz:$AWS_REGION:dynamodb" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
        -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN" -H "X-Amz-Target: DynamoDB_20120810.Query" \\
        -H "Content-Type: application/x-amz-json-1.0" -d '{"TableName":"%8$sorders",
          "KeyConditionExpression":"pk = :t","ExpressionAttributeValues":{":t":{"S":"acme"}}}')

    Service health, Prometheus metrics and API description:

      curl -s http://127.0.0.1:%3$d/health/ready
      curl -s http://127.0.0.1:%3$d/metrics
      curl -s http://127.0.0.1:%2$d/openapi.json

    Tenants: acme, globex, initech. AWS (STS and DynamoDB, behind IAM policies): %4$s
    A second instance against the same stack:
      (cd %5$s && set -a && . %6$s/local.env && exec %7$s -jar %6$s/partywall.jar)

    Ctrl-C stops everything.
    """
        .formatted(
            variables.get("PARTYWALL_ISSUERS"),
            ports.service(),
            ports.management(),
            variables.get("AWS_ENDPOINT_URL_DYNAMODB"),
            ShellSyntax.word(String.valueOf(target.getParent())),
            ShellSyntax.word(String.valueOf(target.getFileName())),
            ShellSyntax.word(ServiceProcess.javaExecutable()),
            variables.get("PARTYWALL_TABLE_PREFIX"));
  }
}
