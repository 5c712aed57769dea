package dev.partywall.local.aws;

import static dev.partywall.local.aws.House.roleArn;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.iam.Policy;
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

@ExtendWith(LocalDynamo.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class StsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final String TENANT = roleArn("tenant");
  private static final PolicyDescriptorType ARN =
      PolicyDescriptorType.builder().arn("arn:aws:iam::aws:policy/ReadOnlyAccess").build();

  private House house;
  private StsClient tinkerer;
  private StsClient service;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    var config =
        AwsConfig.of(
            House.REGION,
            House.ACCOUNT,
            List.of(House.tinkerer()),
            List.of(House.tinker(), serviceRole(), tenantRole()));
    house = new House(dynamo, config.at(() -> NOW));
    tinkerer = house.sts(House.TINKERER);
    service = house.sts(serviceCredentials());
  }

  private static Role serviceRole() {
    return Role.of(
        "service",
        Policy.trust(
            """
            {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"Service": "ecs-tasks.amazonaws.com"}}}\
            """),
        Policy.of(House.allow("sts:*", TENANT)));
  }

  /** Trusts the service, and tags that name nobody but acme. */
  private static Role tenantRole() {
    return new Role(
        "tenant",
        Policy.trust(
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole",
               "Condition": {"StringLike": {"sts:RoleSessionName": "t-*"}}},
              {"Effect": "Allow", "Principal": {"AWS": "%1$s"}, "Action": "sts:TagSession",
               "Condition": {"StringEquals": {"aws:RequestTag/tenant": "acme"}}}]}\
            """
                .formatted(roleArn("service"))),
        List.of(Policy.of(House.allow("dynamodb:GetItem", "*"))),
        Duration.ofHours(12),
        Map.of());
  }

  private AwsCredentials serviceCredentials() {
    var issued = house.aws.credentials("service", "local", Duration.ofDays(1));
    return AwsSessionCredentials.create(
        issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken().orElseThrow());
  }

  @AfterAll
  void close() {
    tinkerer.close();
    service.close();
    house.close();
  }

  private static void refused(
      String code, int status, StsClient client, Consumer<AssumeRoleRequest.Builder> request) {
    var e = assertThrows(StsException.class, () -> client.assumeRole(request));
    assertEquals(code, e.awsErrorDetails().errorCode(), e.getMessage());
    assertEquals(status, e.statusCode());
    assertTrue(e.requestId().length() > 30);
  }

  private static Consumer<AssumeRoleRequest.Builder> tinker() {
    return r -> r.roleArn(roleArn("tinker")).roleSessionName("me");
  }

  @Test
  void anybodyWithAKeyMayAskWhoTheyAre() {
    var user = tinkerer.getCallerIdentity();
    assertEquals("arn:aws:iam::123456789012:user/tinkerer", user.arn());
    assertEquals(House.ACCOUNT, user.account());
    assertTrue(user.userId().startsWith("AIDA"));
    var session = service.getCallerIdentity();
    assertEquals("arn:aws:sts::123456789012:assumed-role/service/local", session.arn());
    assertTrue(session.userId().startsWith("AROA") && session.userId().endsWith(":local"));
  }

  @Test
  void aSessionSaysWhatItIsAndWhenItEnds() {
    var answer =
        tinkerer.assumeRole(tinker().andThen(r -> r.policy(House.allow("dynamodb:*", "*"))));
    assertEquals(
        "arn:aws:sts::123456789012:assumed-role/tinker/me", answer.assumedRoleUser().arn());
    assertTrue(answer.credentials().accessKeyId().startsWith("ASIA"));
    assertEquals(NOW.plus(Duration.ofHours(1)), answer.credentials().expiration());
  }

  @ParameterizedTest
  @CsvSource({"900, true", "899, false", "7200, true", "7201, false", "43201, false"})
  void aSessionLastsFromAQuarterOfAnHourToWhatItsRoleAllows(int seconds, boolean allowed) {
    var request = tinker().andThen(r -> r.durationSeconds(seconds));
    if (allowed) {
      var ends = tinkerer.assumeRole(request).credentials().expiration();
      assertEquals(NOW.plusSeconds(seconds), ends);
    } else {
      refused("ValidationError", 400, tinkerer, request);
    }
  }

  @Test
  void oneRoleFromAnotherLastsAnHourAtMost() {
    Consumer<AssumeRoleRequest.Builder> tenant = r -> r.roleArn(TENANT).roleSessionName("t-acme");
    assertEquals(NOW.plusSeconds(3600), service.assumeRole(tenant).credentials().expiration());
    refused("ValidationError", 400, service, tenant.andThen(r -> r.durationSeconds(3601)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a b", "ü2", "a/b", "a:b", "a*", ""})
  void aSessionsNameIsPlain(String name) {
    refused("ValidationError", 400, tinkerer, tinker().andThen(r -> r.roleSessionName(name)));
  }

  @Test
  void aSessionsNameHasSixtyFourCharactersAtMost() {
    tinkerer.assumeRole(tinker().andThen(r -> r.roleSessionName("Az09_=,.@-".repeat(6) + "abcd")));
    refused(
        "ValidationError", 400, tinkerer, tinker().andThen(r -> r.roleSessionName("a".repeat(65))));
  }

  @Test
  void aSessionPolicyMustBeOne() {
    refused("MalformedPolicyDocument", 400, tinkerer, tinker().andThen(r -> r.policy("{}")));
    refused("MalformedPolicyDocument", 400, tinkerer, tinker().andThen(r -> r.policy("{")));
    var unknown = House.allow("dynamodb:*", "*").replace("Allow", "Perhaps");
    refused("MalformedPolicyDocument", 400, tinkerer, tinker().andThen(r -> r.policy(unknown)));
  }

  @Test
  void aSessionPolicyHas2048CharactersAtMost() {
    var policy = House.allow("dynamodb:*", "*");
    var longest = policy + " ".repeat(2_048 - policy.length());
    tinkerer.assumeRole(tinker().andThen(r -> r.policy(longest)));
    refused("ValidationError", 400, tinkerer, tinker().andThen(r -> r.policy(longest + " ")));
  }

  @Test
  void aPolicyThatPacksBadlyIsTooLarge() {
    var noise =
        new Random(1)
            .ints(1_900, 'A', 'z')
            .filter(Character::isLetter)
            .mapToObj(Character::toString);
    var policy = House.allow("dynamodb:*", noise.collect(joining("", "arn:", "")));
    refused("PackedPolicyTooLarge", 400, tinkerer, tinker().andThen(r -> r.policy(policy)));
  }

  @Test
  void aRoleIsForWhomItTrusts() {
    refused("AccessDenied", 403, tinkerer, r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    refused(
        "AccessDenied", 403, tinkerer, r -> r.roleArn(roleArn("service")).roleSessionName("me"));
    refused("AccessDenied", 403, tinkerer, r -> r.roleArn(roleArn("none")).roleSessionName("me"));
    refused("AccessDenied", 403, service, r -> r.roleArn(roleArn("tinker")).roleSessionName("me"));
    refused("AccessDenied", 403, service, r -> r.roleArn(TENANT).roleSessionName("other"));
  }

  @Test
  void aTenantsSessionAssumesNothing() {
    var session =
        house.assume(serviceCredentials(), r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    try (var tenant = house.sts(session)) {
      refused("AccessDenied", 403, tenant, r -> r.roleArn(TENANT).roleSessionName("t-acme"));
    }
  }

  @Test
  void tagsNeedATrustOfTheirOwn() {
    Consumer<AssumeRoleRequest.Builder> tenant = r -> r.roleArn(TENANT).roleSessionName("t-acme");
    service.assumeRole(tenant.andThen(r -> r.tags(tag("tenant", "acme"))));
    refused("AccessDenied", 403, service, tenant.andThen(r -> r.tags(tag("tenant", "globex"))));
    refused("ValidationError", 400, service, tenant.andThen(r -> r.tags(tag("tenant", "a*"))));
    refused(
        "ValidationError",
        400,
        service,
        tenant.andThen(r -> r.tags(tag("tenant", "acme"), tag("Tenant", "acme"))));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    refused("ValidationError", 400, tinkerer, tinker().andThen(r -> r.sourceIdentity("me")));
    refused("ValidationError", 400, tinkerer, tinker().andThen(r -> r.policyArns(List.of(ARN))));
    var e = assertThrows(StsException.class, () -> tinkerer.getSessionToken());
    assertEquals("InvalidAction", e.awsErrorDetails().errorCode());
  }

  @Test
  void keysAreCheckedAsForDynamo() {
    try (var nobody = house.sts(AwsBasicCredentials.create("AKIANOBODY", "s"));
        var forger = house.sts(AwsBasicCredentials.create(House.TINKERER.accessKeyId(), "s"))) {
      refused("InvalidClientTokenId", 403, nobody, tinker());
      refused("SignatureDoesNotMatch", 403, forger, tinker());
    }
    var session = house.narrowed(House.allow("dynamodb:*", "*"));
    house.aws.expire(session.accessKeyId());
    try (var ended = house.sts(session)) {
      refused("ExpiredToken", 403, ended, tinker());
    }
  }

  @Test
  void answersAreTheQueryProtocolsXml() throws Exception {
    var body = "Action=GetCallerIdentity&Version=2011-06-15";
    var answer = RawCall.sts(house.aws.endpoint(), body).signed(House.TINKERER).send();
    assertTrue(
        answer
            .body()
            .startsWith(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"));
    var twice = RawCall.sts(house.aws.endpoint(), body + "&Action=AssumeRole");
    assertEquals(400, twice.signed(House.TINKERER).send().statusCode());
    var missing = RawCall.sts(house.aws.endpoint(), body).send();
    assertEquals(403, missing.statusCode());
    assertTrue(missing.body().contains("<Code>MissingAuthenticationToken</Code>"));
  }
}
