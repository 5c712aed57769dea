package dev.partywall.local;

import java.util.Map;

/** Prints example commands for a running local stack. */
final class StartupInstructions {
  private StartupInstructions() {}

  /**
   * Returns the instructions. Every AWS call names its endpoint: a client that ignores {@code
   * AWS_ENDPOINT_URL_DYNAMODB}, as older ones do, would call the real AWS.
   */
  static String of(
      LocalService service, SampleData samples, LocalPorts ports, Map<String, String> variables) {
    var issuer = String.valueOf(variables.get("PARTYWALL_ISSUERS"));
    var url = "http://127.0.0.1:" + ports.service();
    return """

    The service %9$s is ready. Try these commands in another terminal:

      TOKEN=$(curl -s "%1$s/token?tenant=acme&user=alice&scope=%9$s:read%%20%9$s:write%%20usage:read")
    %10$s\
      curl -s -H "Authorization: Bearer $TOKEN" "%2$s/usage?granularity=day"

    Break in as a buggy service (curl 7.87 or later). Its own credentials get AccessDeniedException:

      (cd %5$s && . %6$s/local.env && curl -s %4$s \\
        --aws-sigv4 "aws:amz:$AWS_REGION:dynamodb" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
        -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN" -H "X-Amz-Target: DynamoDB_20120810.Query" \\
        -H "Content-Type: application/x-amz-json-1.0" -d '{"TableName":"%8$s%9$s",
          "KeyConditionExpression":"pk = :t","ExpressionAttributeValues":{":t":{"S":"acme"}}}')

    Service health, Prometheus metrics, API description, and an operator's token:

      curl -s http://127.0.0.1:%3$d/health/ready
      curl -s http://127.0.0.1:%3$d/metrics
      curl -s %2$s/openapi.json
      curl -s "%11$s/token?user=olga&scope=tenants:read%%20tenants:admin"

    AWS (STS and DynamoDB, behind IAM policies): %4$s
    A second instance against the same stack:
      (cd %5$s && set -a && . %6$s/local.env && exec %7$s)

    Ctrl-C stops everything.
    """
        .formatted(
            issuer,
            url,
            ports.management(),
            variables.get("AWS_ENDPOINT_URL_DYNAMODB"),
            ShellSyntax.word(String.valueOf(service.folder().getParent())),
            ShellSyntax.word(String.valueOf(service.folder().getFileName())),
            service.commandLine(),
            variables.get("PARTYWALL_TABLE_PREFIX"),
            service.name(),
            samples.commands(issuer, url),
            variables.get("PARTYWALL_OPERATOR_ISSUERS"));
  }
}
