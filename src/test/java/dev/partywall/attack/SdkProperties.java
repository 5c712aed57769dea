package dev.partywall.attack;

import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.DeployedTemplate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Configures the AWS SDK of this JVM for a local AWS through system properties, without changes to
 * the service's wiring. Closing restores the previous values.
 */
public final class SdkProperties implements AutoCloseable {
  private final Map<String, @Nullable String> before = new HashMap<>();

  /** Sets the properties until this is closed. */
  public SdkProperties(DeployedTemplate aws) {
    environment(aws).forEach((name, value) -> set(property(name), value));
  }

  /** Returns the same configuration as environment variables for another process. */
  public static Map<String, String> environment(DeployedTemplate aws) {
    var credentials = (AwsSessionCredentials) aws.serviceCredentials().resolveCredentials();
    var endpoint = aws.aws().endpoint().toString();
    return Map.of(
        "AWS_REGION", DeploymentTarget.LOCAL.region(),
        "AWS_ENDPOINT_URL_DYNAMODB", endpoint,
        "AWS_ENDPOINT_URL_STS", endpoint,
        "AWS_ACCESS_KEY_ID", credentials.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey(),
        "AWS_SESSION_TOKEN", credentials.sessionToken());
  }

  private static String property(String variable) {
    return switch (variable) {
      case "AWS_REGION" -> "aws.region";
      case "AWS_ENDPOINT_URL_DYNAMODB" -> "aws.endpointUrlDynamoDb";
      case "AWS_ENDPOINT_URL_STS" -> "aws.endpointUrlSts";
      case "AWS_ACCESS_KEY_ID" -> "aws.accessKeyId";
      case "AWS_SECRET_ACCESS_KEY" -> "aws.secretAccessKey";
      case "AWS_SESSION_TOKEN" -> "aws.sessionToken";
      default -> throw new IllegalArgumentException(variable);
    };
  }

  private void set(String property, String value) {
    before.put(property, System.setProperty(property, value));
  }

  @Override
  public void close() {
    before.forEach((property, value) -> {
      if (value == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, value);
      }
    });
  }
}
