package dev.partywall.local.aws;

import static dev.partywall.local.aws.LocalAwsFixture.roleArn;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS)
class StsEndpointTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final String TENANT = roleArn("tenant");
  private static final PolicyDescriptorType ARN =
      PolicyDescriptorType.builder().arn("arn:aws:iam::aws:policy/ReadOnlyAccess").build();

  private LocalAwsFixture fixture;
  private StsClient sandboxUser;
  private StsClient service;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    var config =
        AwsConfig.of(
            LocalAwsFixture.REGION,
            LocalAwsFixture.ACCOUNT,
            List.of(LocalAwsFixture.sandboxUser()),
            List.of(LocalAwsFixture.sandboxRole(), serviceRole(), tenantRole()));
    fixture = new LocalAwsFixture(dynamo, config.withClock(() -> NOW));
    sandboxUser = fixture.stsClient(LocalAwsFixture.SANDBOX_USER_KEY);
    service = fixture.stsClient(serviceCredentials());
  }

  private static Role serviceRole() {
    return Role.of(
        "service",
        IamPolicy.trust(
            """
            {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"Service": "ecs-tasks.amazonaws.com"}}}\
            """),
        IamPolicy.of(LocalAwsFixture.allowPolicy("sts:*", TENANT)));
  }

  /** A role that trusts the service and allows only the session tag {@code tenant=acme}. */
  private static Role tenantRole() {
    return new Role(
        "tenant",
        IamPolicy.trust(
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole",
               "Condition": {"StringLike": {"sts:RoleSessionName": "t-*"}}},
              {"Effect": "Allow", "Principal": {"AWS": "%1$s"}, "Action": "sts:TagSession",
               "Condition": {"StringEquals": {"aws:RequestTag/tenant": "acme"}}}]}\
            """
                .formatted(roleArn("service"))),
        List.of(IamPolicy.of(LocalAwsFixture.allowPolicy("dynamodb:GetItem", "*"))),
        Duration.ofHours(12),
        Map.of());
  }

  private AwsCredentials serviceCredentials() {
    var issued = fixture.aws.credentials("service", "local", Duration.ofDays(1));
    return AwsSessionCredentials.create(
        issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken().orElseThrow());
  }

  @AfterAll
  void close() {
    sandboxUser.close();
    service.close();
    fixture.close();
  }

  private static void assertRejected(
      String code, int status, StsClient client, Consumer<AssumeRoleRequest.Builder> request) {
    var error = assertThrows(StsException.class, () -> client.assumeRole(request));
    assertEquals(code, error.awsErrorDetails().errorCode(), error.getMessage());
    assertEquals(status, error.statusCode());
    assertTrue(error.requestId().length() > 30);
  }

  private static Consumer<AssumeRoleRequest.Builder> sandboxRole() {
    return r -> r.roleArn(roleArn("tinker")).roleSessionName("me");
  }

  @Test
  void getCallerIdentityNeedsNoPermission() {
    var user = sandboxUser.getCallerIdentity();
    assertEquals("arn:aws:iam::123456789012:user/tinkerer", user.arn());
    assertEquals(LocalAwsFixture.ACCOUNT, user.account());
    assertTrue(user.userId().startsWith("AIDA"));
    var session = service.getCallerIdentity();
    assertEquals("arn:aws:sts::123456789012:assumed-role/service/local", session.arn());
    assertTrue(session.userId().startsWith("AROA") && session.userId().endsWith(":local"));
  }

  @Test
  void assumeRoleReturnsArnAndExpiry() {
    var response =
        sandboxUser.assumeRole(
            sandboxRole().andThen(r -> r.policy(LocalAwsFixture.allowPolicy("dynamodb:*", "*"))));
    assertEquals(
        "arn:aws:sts::123456789012:assumed-role/tinker/me", response.assumedRoleUser().arn());
    assertTrue(response.credentials().accessKeyId().startsWith("ASIA"));
    assertEquals(NOW.plus(Duration.ofHours(1)), response.credentials().expiration());
  }

  @ParameterizedTest
  @CsvSource({"900, true", "899, false", "7200, true", "7201, false", "43201, false"})
  void limitsTheSessionDuration(int seconds, boolean allowed) {
    var request = sandboxRole().andThen(r -> r.durationSeconds(seconds));
    if (allowed) {
      var ends = sandboxUser.assumeRole(request).credentials().expiration();
      assertEquals(NOW.plusSeconds(seconds), ends);
    } else {
      assertRejected("ValidationError", 400, sandboxUser, request);
    }
  }

  @Test
  void limitsChainedSessionsToOneHour() {
    Consumer<AssumeRoleRequest.Builder> tenantRequest =
        r -> r.roleArn(TENANT).roleSessionName("t-acme");
    assertEquals(
        NOW.plusSeconds(3600), service.assumeRole(tenantRequest).credentials().expiration());
    assertRejected(
        "ValidationError", 400, service, tenantRequest.andThen(r -> r.durationSeconds(3601)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a b", "ü2", "a/b", "a:b", "a*", ""})
  void rejectsInvalidSessionNames(String name) {
    assertRejected(
        "ValidationError", 400, sandboxUser, sandboxRole().andThen(r -> r.roleSessionName(name)));
  }

  @Test
  void limitsSessionNamesTo64Characters() {
    sandboxUser.assumeRole(
        sandboxRole().andThen(r -> r.roleSessionName("Az09_=,.@-".repeat(6) + "abcd")));
    assertRejected(
        "ValidationError",
        400,
        sandboxUser,
        sandboxRole().andThen(r -> r.roleSessionName("a".repeat(65))));
  }

  @Test
  void rejectsMalformedSessionPolicies() {
    assertRejected(
        "MalformedPolicyDocument", 400, sandboxUser, sandboxRole().andThen(r -> r.policy("{}")));
    assertRejected(
        "MalformedPolicyDocument", 400, sandboxUser, sandboxRole().andThen(r -> r.policy("{")));
    var unknown = LocalAwsFixture.allowPolicy("dynamodb:*", "*").replace("Allow", "Perhaps");
    assertRejected(
        "MalformedPolicyDocument", 400, sandboxUser, sandboxRole().andThen(r -> r.policy(unknown)));
  }

  @Test
  void limitsSessionPoliciesTo2048Characters() {
    var policy = LocalAwsFixture.allowPolicy("dynamodb:*", "*");
    var longest = policy + " ".repeat(2_048 - policy.length());
    sandboxUser.assumeRole(sandboxRole().andThen(r -> r.policy(longest)));
    assertRejected(
        "ValidationError", 400, sandboxUser, sandboxRole().andThen(r -> r.policy(longest + " ")));
  }

  @Test
  void rejectsPoliciesThatExceedThePackedSize() {
    var noise =
        new Random(1)
            .ints(1_900, 'A', 'z')
            .filter(Character::isLetter)
            .mapToObj(Character::toString);
    var policy = LocalAwsFixture.allowPolicy("dynamodb:*", noise.collect(joining("", "arn:", "")));
    assertRejected(
        "PackedPolicyTooLarge", 400, sandboxUser, sandboxRole().andThen(r -> r.policy(policy)));
  }

  @Test
  void allowsOnlyTrustedCallersToAssumeARole() {
    assertRejected(
        "AccessDenied", 403, sandboxUser, r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    assertRejected(
        "AccessDenied", 403, sandboxUser, r -> r.roleArn(roleArn("service")).roleSessionName("me"));
    assertRejected(
        "AccessDenied", 403, sandboxUser, r -> r.roleArn(roleArn("none")).roleSessionName("me"));
    assertRejected(
        "AccessDenied", 403, service, r -> r.roleArn(roleArn("tinker")).roleSessionName("me"));
    assertRejected("AccessDenied", 403, service, r -> r.roleArn(TENANT).roleSessionName("other"));
  }

  @Test
  void aTenantSessionCannotAssumeRoles() {
    var session =
        fixture.assumeRole(serviceCredentials(), r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    try (var tenantRequest = fixture.stsClient(session)) {
      assertRejected(
          "AccessDenied", 403, tenantRequest, r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    }
  }

  @Test
  void sessionTagsNeedTheirOwnTrust() {
    Consumer<AssumeRoleRequest.Builder> tenantRequest =
        r -> r.roleArn(TENANT).roleSessionName("t-acme");
    service.assumeRole(tenantRequest.andThen(r -> r.tags(tag("tenant", "acme"))));
    assertRejected(
        "AccessDenied", 403, service, tenantRequest.andThen(r -> r.tags(tag("tenant", "globex"))));
    assertRejected(
        "ValidationError", 400, service, tenantRequest.andThen(r -> r.tags(tag("tenant", "a*"))));
    assertRejected(
        "ValidationError",
        400,
        service,
        tenantRequest.andThen(r -> r.tags(tag("tenant", "acme"), tag("Tenant", "acme"))));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void rejectsUnsupportedParametersAndActions() {
    assertRejected(
        "ValidationError", 400, sandboxUser, sandboxRole().andThen(r -> r.sourceIdentity("me")));
    assertRejected(
        "ValidationError",
        400,
        sandboxUser,
        sandboxRole().andThen(r -> r.policyArns(List.of(ARN))));
    var error = assertThrows(StsException.class, () -> sandboxUser.getSessionToken());
    assertEquals("InvalidAction", error.awsErrorDetails().errorCode());
  }

  @Test
  void rejectsInvalidKeys() {
    try (var unknownUser = fixture.stsClient(AwsBasicCredentials.create("AKIANOBODY", "s"));
        var forger =
            fixture.stsClient(
                AwsBasicCredentials.create(LocalAwsFixture.SANDBOX_USER_KEY.accessKeyId(), "s"))) {
      assertRejected("InvalidClientTokenId", 403, unknownUser, sandboxRole());
      assertRejected("SignatureDoesNotMatch", 403, forger, sandboxRole());
    }
    var session = fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*"));
    fixture.aws.expire(session.accessKeyId());
    try (var expired = fixture.stsClient(session)) {
      assertRejected("ExpiredToken", 403, expired, sandboxRole());
    }
  }

  @Test
  void respondsInTheXmlOfTheQueryProtocol() throws Exception {
    var body = "Action=GetCallerIdentity&Version=2011-06-15";
    var response =
        RawAwsCall.sts(fixture.aws.endpoint(), body).sign(LocalAwsFixture.SANDBOX_USER_KEY).send();
    assertTrue(
        response
            .body()
            .startsWith(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"));
    var duplicateAction = RawAwsCall.sts(fixture.aws.endpoint(), body + "&Action=AssumeRole");
    assertEquals(400, duplicateAction.sign(LocalAwsFixture.SANDBOX_USER_KEY).send().statusCode());
    var unsigned = RawAwsCall.sts(fixture.aws.endpoint(), body).send();
    assertEquals(403, unsigned.statusCode());
    assertTrue(unsigned.body().contains("<Code>MissingAuthenticationToken</Code>"));
  }
}
