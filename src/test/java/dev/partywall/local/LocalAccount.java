package dev.partywall.local;

import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.Deployed;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.Template;
import dev.partywall.local.aws.Template.Target;
import dev.partywall.local.aws.iam.Policy;
import dev.partywall.local.aws.sts.Role;
import dev.partywall.local.aws.sts.User;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The AWS account of the local stack: what the CloudFormation template deploys, and a tinkerer who
 * may do nothing but assume a role of his own, under any session policy. So what a policy lets
 * through can be seen before it is trusted.
 */
final class LocalAccount implements AutoCloseable {
  private static final String TINKERER = "tinkerer";
  private static final String TINKER_ROLE = "tinker";
  private static final Duration A_WORKING_WEEK = Duration.ofDays(7);

  private final Template template;
  private final User tinkerer;
  private final AwsConfig config;
  private final LocalAws aws;

  LocalAccount(int port, LocalDynamo engine, Map<String, String> parameters) throws IOException {
    template = Template.read(Template.PARTYWALL, Target.LOCAL, parameters);
    tinkerer = new User(TINKERER, "AKIALOCALTINKERER000", secret(), List.of(mayAssume()));
    var roles = Stream.concat(Deployed.roles(template).stream(), Stream.of(tinkerRole())).toList();
    config =
        AwsConfig.of(Target.LOCAL.region(), Target.LOCAL.account(), List.of(tinkerer), roles)
            .on(port);
    aws = LocalAws.start(config, engine);
  }

  /** The variables with which an AWS SDK is this service, in this account. */
  Map<String, String> serviceVariables() {
    var made = aws.credentials(template.name("ServiceRole"), "local", A_WORKING_WEEK);
    var endpoint = aws.endpoint().toString();
    return Map.of(
        "AWS_REGION", Target.LOCAL.region(),
        "AWS_ENDPOINT_URL_DYNAMODB", endpoint,
        "AWS_ENDPOINT_URL_STS", endpoint,
        "AWS_ACCESS_KEY_ID", made.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY", made.secretAccessKey(),
        "AWS_SESSION_TOKEN", made.sessionToken().orElseThrow(),
        "PARTYWALL_TENANT_ROLE_ARN", template.arn("TenantRole"));
  }

  /** The variables that name the tinkerer. */
  Map<String, String> tinkererVariables() {
    return Map.of(
        "LOCAL_TINKER_ACCESS_KEY_ID", tinkerer.accessKeyId(),
        "LOCAL_TINKER_SECRET_ACCESS_KEY", tinkerer.secretAccessKey(),
        "LOCAL_TINKER_ROLE_ARN", roleArn());
  }

  String endpoint() {
    return aws.endpoint().toString();
  }

  @Override
  public void close() {
    aws.close();
  }

  private static Policy mayAssume() {
    return Policy.of(
        """
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"%s"}]}\
        """
            .formatted(roleArn()));
  }

  private static Role tinkerRole() {
    return Role.of(
        TINKER_ROLE,
        Policy.trust(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
              "Principal":{"AWS":"arn:aws:iam::%s:user/%s"}}]}\
            """
                .formatted(Target.LOCAL.account(), TINKERER)),
        Policy.of(
            """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]}\
            """));
  }

  private static String roleArn() {
    return "arn:aws:iam::" + Target.LOCAL.account() + ":role/" + TINKER_ROLE;
  }

  private static String secret() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
