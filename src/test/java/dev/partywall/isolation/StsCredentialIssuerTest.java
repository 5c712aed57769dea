package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.isolation.StubAws.StubAwsResponse;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClientBuilder;

@Timeout(60)
class StsCredentialIssuerTest {
  private static final RoleArn ROLE = new RoleArn("arn:aws:iam::123456789012:role/tenant");
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantLocation LOCATION =
      new TenantLocation("partywall-orders", List.of("acme"));
  private static final String EXPIRY = "2026-11-24T09:00:00Z";

  private final StubAws aws = new StubAws(_ -> StubAws.assumeRoleResponse("token", EXPIRY));

  @AfterEach
  void stop() {
    aws.close();
  }

  private static StsClientBuilder client() {
    return StsClients.builder()
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIASERVICE", "secret")));
  }

  private StsCredentialIssuer sts(URI endpoint) {
    var policy = new SessionPolicy(ROLE, "eu-central-1");
    return new StsCredentialIssuer(
        client().endpointOverride(endpoint).build(), ROLE, policy, "i-0a1b2c");
  }

  @Test
  void assumesTheRoleWithPolicyTagSessionNameAndDuration() throws Exception {
    sts(aws.endpoint()).issue(ACME, LOCATION);
    var form = aws.calls.getFirst().form();
    assertEquals("AssumeRole", form.get("Action"));
    assertEquals(ROLE.value(), form.get("RoleArn"));
    assertEquals("acme@i-0a1b2c", form.get("RoleSessionName"));
    assertEquals("3600", form.get("DurationSeconds"));
    assertEquals("tenant", form.get("Tags.member.1.Key"));
    assertEquals("acme", form.get("Tags.member.1.Value"));
    assertFalse(form.containsKey("Tags.member.2.Key"));
    var policy = new ObjectMapper().readTree(form.get("Policy"));
    assertEquals(
        "acme",
        policy
            .at("/Statement/0/Condition/ForAllValues:StringEquals/dynamodb:LeadingKeys/0")
            .asText());
    assertTrue(aws.calls.getFirst().authorization().contains("Credential=AKIASERVICE/"));
    assertTrue(aws.calls.getFirst().authorization().contains("/eu-central-1/sts/"));
  }

  @Test
  void sessionNamesItsOwnerAndItsExpiry() {
    var session = sts(aws.endpoint()).issue(ACME, LOCATION);
    assertEquals(ACME, session.tenant());
    assertEquals(LOCATION, session.location());
    assertEquals("token", session.credentials().sessionToken());
    assertEquals(Instant.parse(EXPIRY), session.expiresAt());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void classifiesErrorsAndRetriesOnlyTransientOnes(
      int status, String code, FailureReason reason, int attempts) {
    var sts = sts(aws.endpoint());
    // One successful call first: loading classes can take longer than the timeout of an attempt.
    sts.issue(ACME, LOCATION);
    aws.calls.clear();
    aws.responder = _ -> StubAws.stsError(status, code);
    assertEquals(reason, failure(sts).reason());
    assertEquals(attempts, aws.calls.size());
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(403, "AccessDenied", FailureReason.REJECTED, 1),
        Arguments.of(400, "PackedPolicyTooLarge", FailureReason.REJECTED, 1),
        Arguments.of(400, "MalformedPolicyDocument", FailureReason.REJECTED, 1),
        Arguments.of(400, "ErrorOfALaterRelease", FailureReason.UNEXPECTED, 1),
        Arguments.of(403, "RequestExpired", FailureReason.UNEXPECTED, 2),
        Arguments.of(400, "Throttling", FailureReason.THROTTLED, 2),
        Arguments.of(500, "InternalFailure", FailureReason.UNAVAILABLE, 2),
        Arguments.of(503, "ServiceUnavailable", FailureReason.UNAVAILABLE, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 403, 404})
  void theErrorPageOfAProxyIsUnexpectedAndItsStatusIsInTheMessage(int status) {
    aws.responder = _ -> new StubAwsResponse(status, "text/html", "<html>proxy</html>");
    var failure = failure(sts(aws.endpoint()));
    assertEquals(FailureReason.UNEXPECTED, failure.reason());
    assertEquals(
        "no tenant credentials could be issued: UNEXPECTED, no error code (HTTP status %d)"
            .formatted(status),
        failure.getMessage());
  }

  static Stream<String> incompleteResponses() {
    var complete = StubAws.assumeRoleResponse("token", EXPIRY).body();
    return Stream.concat(
        Stream.of("", "{}", "<html>sign in</html>", complete.substring(0, complete.length() / 2)),
        Stream.of("Credentials", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")
            .map(element -> complete.replaceAll("(?s)<%s>.*</%1$s>".formatted(element), "")));
  }

  @ParameterizedTest
  @MethodSource("incompleteResponses")
  void aResponseWithoutCompleteCredentialsIsAFailure(String body) {
    aws.responder = _ -> new StubAwsResponse(200, "text/xml", body);
    var reason = failure(sts(aws.endpoint())).reason();
    assertTrue(
        Set.of(FailureReason.UNEXPECTED, FailureReason.UNAVAILABLE).contains(reason),
        reason::toString);
  }

  @Test
  void classifiesARefusedConnectionAsUnavailable() {
    aws.close();
    assertEquals(FailureReason.UNAVAILABLE, failure(sts(aws.endpoint())).reason());
  }

  @Test
  void stopsWaitingForAResponseAfterTheCallTimeout() {
    var released = new CountDownLatch(1);
    aws.responder = _ -> respondAfter(released);
    assertEquals(FailureReason.UNAVAILABLE, failure(sts(aws.endpoint())).reason());
    released.countDown();
  }

  private static StubAwsResponse respondAfter(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return StubAws.stsError(503, "TooLate");
  }

  private static IssuingFailedException failure(StsCredentialIssuer sts) {
    return assertThrows(IssuingFailedException.class, () -> sts.issue(ACME, LOCATION));
  }

  @Test
  void usesTheRegionalEndpoint() {
    var host = new CompletableFuture<String>();
    var client = client();
    var hostRecorder =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            host.complete(context.httpRequest().host());
            throw new IllegalStateException("the test needs no response");
          }
        };
    var limits =
        client.overrideConfiguration().toBuilder().addExecutionInterceptor(hostRecorder).build();
    var sts = client.overrideConfiguration(limits).build();
    assertThrows(IllegalStateException.class, sts::getCallerIdentity);
    assertEquals("sts.eu-central-1.amazonaws.com", host.join());
  }
}
