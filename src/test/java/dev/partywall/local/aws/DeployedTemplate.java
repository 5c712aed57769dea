package dev.partywall.local.aws;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;

/** A local AWS with the roles and policies of the CloudFormation template. */
public final class DeployedTemplate implements AutoCloseable {
  private static final String SESSION = "task";
  private static final Duration LIFETIME = Duration.ofHours(12);

  private final CloudFormationTemplate template;
  private final LocalAws aws;

  /** Starts a local AWS for the orders service. */
  public DeployedTemplate(LocalDynamo dynamo, String prefix, InstantSource clock) {
    this(dynamo, prefix, "orders", clock);
  }

  /**
   * Starts a local AWS for the tables of a service with {@code prefix}. Credentials expire by
   * {@code clock}.
   */
  public DeployedTemplate(LocalDynamo dynamo, String prefix, String service, InstantSource clock) {
    this(dynamo, Map.of("TablePrefix", prefix, "ServiceName", service), clock);
  }

  /** Starts a local AWS with these parameters of the template. Its tables are not protected. */
  public DeployedTemplate(LocalDynamo dynamo, Map<String, String> parameters, InstantSource clock) {
    var all = new HashMap<>(parameters);
    all.put("DeletionProtection", "false");
    this.template = CloudFormationTemplate.partywall(DeploymentTarget.LOCAL, all);
    var config =
        AwsConfig.of(
            DeploymentTarget.LOCAL.region(),
            DeploymentTarget.LOCAL.account(),
            List.of(),
            roles(template));
    try {
      this.aws = LocalAws.start(config.withClock(clock), dynamo);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the roles of a template. */
  public static List<Role> roles(CloudFormationTemplate template) {
    return template.resources("AWS::IAM::Role").stream().map(id -> role(template, id)).toList();
  }

  private static Role role(CloudFormationTemplate template, String id) {
    var maxSeconds = template.properties(id).path("MaxSessionDuration").asInt(3_600);
    return new Role(
        template.name(id),
        IamPolicy.trust(template.trustPolicy(id)),
        template.identityPolicies(id).stream().map(IamPolicy::of).toList(),
        Duration.ofSeconds(maxSeconds),
        Map.of());
  }

  /** Returns the environment variables with which the AWS SDK of a service uses this AWS. */
  public Map<String, String> variables() {
    return aws.variables(template.name("ServiceRole"), SESSION, LIFETIME);
  }

  /** Returns the credentials of the service itself, as its environment provides them. */
  public AwsCredentialsProvider serviceCredentials() {
    var credentials = aws.credentials(template.name("ServiceRole"), SESSION, LIFETIME);
    return StaticCredentialsProvider.create(
        AwsSessionCredentials.create(
            credentials.accessKeyId(),
            credentials.secretAccessKey(),
            credentials.sessionToken().orElseThrow()));
  }

  /**
   * Assumes the tenant role with the service's own credentials, as a buggy service might: with any
   * tags, and with or without a session policy.
   *
   * @throws StsException if the trust policy denies the request
   */
  public AwsCredentialsProvider assumeTenantRole(Consumer<AssumeRoleRequest.Builder> parameters) {
    try (var sts =
        StsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(DeploymentTarget.LOCAL.region()))
            .credentialsProvider(serviceCredentials())
            .build()) {
      var request =
          AssumeRoleRequest.builder().roleArn(template.arn("TenantRole")).roleSessionName("buggy");
      var issued = sts.assumeRole(request.applyMutation(parameters).build()).credentials();
      return StaticCredentialsProvider.create(
          AwsSessionCredentials.create(
              issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken()));
    }
  }

  /** Returns the deployed template. */
  public CloudFormationTemplate template() {
    return template;
  }

  /** Returns the local AWS. */
  public LocalAws aws() {
    return aws;
  }

  @Override
  public void close() {
    aws.close();
  }
}
