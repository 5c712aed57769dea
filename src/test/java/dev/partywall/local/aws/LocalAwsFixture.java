package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.Role;
import dev.partywall.local.aws.sts.User;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * A local AWS for tests, with a table that acme and globex share, and with a sandbox user ({@code
 * tinkerer}). The sandbox user may only assume a role that allows every DynamoDB action, under any
 * session policy.
 */
final class LocalAwsFixture implements AutoCloseable {
  static final String REGION = "eu-central-1";
  static final String ACCOUNT = "123456789012";
  static final AwsBasicCredentials SANDBOX_USER_KEY =
      AwsBasicCredentials.create("AKIATINKER", "tinker");
  private static final String SANDBOX_ROLE = "tinker";

  final LocalAws aws;
  final LocalDynamo dynamo;
  final String table;

  LocalAwsFixture(LocalDynamo dynamo) throws Exception {
    this(dynamo, AwsConfig.of(REGION, ACCOUNT, List.of(sandboxUser()), List.of(sandboxRole())));
  }

  LocalAwsFixture(LocalDynamo dynamo, AwsConfig config) throws Exception {
    this.dynamo = dynamo;
    this.table = dynamo.uniquePrefix() + "things";
    this.aws = LocalAws.start(config, dynamo);
    createTable();
  }

  static User sandboxUser() {
    return new User(
        "tinkerer",
        SANDBOX_USER_KEY.accessKeyId(),
        SANDBOX_USER_KEY.secretAccessKey(),
        List.of(IamPolicy.of(allowPolicy("sts:AssumeRole", roleArn(SANDBOX_ROLE)))));
  }

  static Role sandboxRole() {
    return new Role(
        SANDBOX_ROLE,
        IamPolicy.trust(trustPolicy("arn:aws:iam::123456789012:user/tinkerer")),
        List.of(IamPolicy.of(allowPolicy("dynamodb:*", "*"))),
        Duration.ofHours(2),
        Map.of());
  }

  static String roleArn(String role) {
    return "arn:aws:iam::" + ACCOUNT + ":role/" + role;
  }

  String tableArn() {
    return "arn:aws:dynamodb:" + REGION + ":" + ACCOUNT + ":table/" + table;
  }

  /** Returns a policy with one statement. */
  static String allowPolicy(String action, String resource) {
    return """
    {"Version": "2012-10-17", "Statement":
      {"Effect": "Allow", "Action": "%s", "Resource": "%s"}}\
    """
        .formatted(action, resource);
  }

  /** Returns a trust policy for one principal. */
  static String trustPolicy(String arn) {
    return """
    {"Version": "2012-10-17", "Statement":
      {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}\
    """
        .formatted(arn);
  }

  StsClient stsClient(AwsCredentials credentials) {
    return StsClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .overrideConfiguration(config -> config.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  DynamoDbClient dynamo(AwsCredentials credentials) {
    return DynamoDbClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(REGION))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .overrideConfiguration(config -> config.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  /** Returns credentials of the sandbox role, restricted by a session policy. */
  AwsSessionCredentials restrictedCredentials(String policy) {
    return assumeRole(
        SANDBOX_USER_KEY, request -> request.roleArn(roleArn(SANDBOX_ROLE)).policy(policy));
  }

  AwsSessionCredentials assumeRole(
      AwsCredentials caller, Consumer<AssumeRoleRequest.Builder> request) {
    try (var sts = stsClient(caller)) {
      return sessionCredentials(
          sts.assumeRole(r -> request.accept(r.roleSessionName("someone"))).credentials());
    }
  }

  static AwsSessionCredentials sessionCredentials(Credentials issued) {
    return AwsSessionCredentials.create(
        issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken());
  }

  /** Returns the key of an item. */
  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }

  private void createTable() {
    try (var client = dynamo.client()) {
      client.createTable(t ->
          t.tableName(table)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .keySchema(hash("pk"), range("sk"))
              .attributeDefinitions(text("pk"), text("sk"), text("owner"))
              .globalSecondaryIndexes(byOwner()));
      for (var tenant : List.of("acme", "globex", "acme2")) {
        client.putItem(p -> p.tableName(table).item(item(tenant)));
      }
    }
  }

  private static Map<String, AttributeValue> item(String tenant) {
    return Map.of(
        "pk", AttributeValue.fromS(tenant),
        "sk", AttributeValue.fromS("a"),
        "owner", AttributeValue.fromS("o-" + tenant),
        "secret", AttributeValue.fromS(UUID.randomUUID().toString()));
  }

  private static GlobalSecondaryIndex byOwner() {
    return GlobalSecondaryIndex.builder()
        .indexName("by-owner")
        .keySchema(hash("owner"), range("sk"))
        .projection(p -> p.projectionType(ProjectionType.ALL))
        .build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement hash(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
  }

  private static KeySchemaElement range(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.RANGE).build();
  }

  @Override
  public void close() {
    aws.close();
  }

  /** Returns the template with these parameters, and without the protection from deletion. */
  static CloudFormationTemplate template(Map<String, String> parameters) {
    var all = new HashMap<>(Map.of("DeletionProtection", "false"));
    all.putAll(parameters);
    return CloudFormationTemplate.partywall(DeploymentTarget.LOCAL, all);
  }

  /** Returns whether a call is allowed. Fails if it is rejected for another reason. */
  static boolean isAllowed(Runnable call) {
    try {
      call.run();
      return true;
    } catch (DynamoDbException e) {
      assertEquals("AccessDeniedException", e.awsErrorDetails().errorCode());
      return false;
    }
  }
}
