package dev.partywall.local;

import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.CloudFormationTemplate;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.Role;
import dev.partywall.local.aws.sts.User;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The AWS account of the local stack: the roles that the CloudFormation template deploys, and a
 * sandbox user ({@code tinkerer}). The sandbox user may only assume its own role, under any session
 * policy. Use it to test a policy before deploying it.
 */
final class LocalAccount implements AutoCloseable {
  private static final String SANDBOX_USER = "tinkerer";
  private static final String SANDBOX_ROLE = "tinker";
  private static final Duration CREDENTIAL_LIFETIME = Duration.ofDays(7);

  private final CloudFormationTemplate template;
  private final User sandboxUser;
  private final AwsConfig config;
  private final LocalAws aws;

  LocalAccount(int port, LocalDynamo engine, Map<String, String> parameters) throws IOException {
    var all = new HashMap<>(parameters);
    all.put("DeletionProtection", "false");
    all.put("Provisioner", "true");
    template = CloudFormationTemplate.partywall(DeploymentTarget.LOCAL, all);
    sandboxUser = new User(SANDBOX_USER, "AKIALOCALTINKERER000", secret(), List.of(mayAssume()));
    var roles =
        Stream.concat(DeployedTemplate.roles(template).stream(), Stream.of(sandboxRole())).toList();
    config =
        AwsConfig.of(
                DeploymentTarget.LOCAL.region(),
                DeploymentTarget.LOCAL.account(),
                List.of(sandboxUser),
                roles)
            .withPort(port);
    aws = LocalAws.start(config, engine);
  }

  /** Returns the environment variables that make an AWS SDK act as the service in this account. */
  Map<String, String> serviceVariables() {
    var variables =
        new HashMap<>(aws.variables(template.name("ServiceRole"), "local", CREDENTIAL_LIFETIME));
    variables.put("PARTYWALL_TENANT_ROLE_ARN", template.arn("TenantRole"));
    variables.put("PARTYWALL_PROVISIONER_ROLE_ARN", template.arn("ProvisionerRole"));
    return variables;
  }

  /** Returns the environment variables with the sandbox user's credentials and role. */
  Map<String, String> sandboxVariables() {
    return Map.of(
        "LOCAL_TINKER_ACCESS_KEY_ID", sandboxUser.accessKeyId(),
        "LOCAL_TINKER_SECRET_ACCESS_KEY", sandboxUser.secretAccessKey(),
        "LOCAL_TINKER_ROLE_ARN", roleArn());
  }

  String endpoint() {
    return aws.endpoint().toString();
  }

  @Override
  public void close() {
    aws.close();
  }

  private static IamPolicy mayAssume() {
    return IamPolicy.of(
        """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"%s"}]}\
        """
            .formatted(roleArn()));
  }

  private static Role sandboxRole() {
    return Role.of(
        SANDBOX_ROLE,
        IamPolicy.trust(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
              "Principal":{"AWS":"arn:aws:iam::%s:user/%s"}}]}\
            """
                .formatted(DeploymentTarget.LOCAL.account(), SANDBOX_USER)),
        IamPolicy.of(
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]}\
            """));
  }

  private static String roleArn() {
    return "arn:aws:iam::" + DeploymentTarget.LOCAL.account() + ":role/" + SANDBOX_ROLE;
  }

  private static String secret() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
