package dev.partywall.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Raw HTTP requests with missing, invalid or incomplete signatures. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS)
class SignedRequestTest {
  private static final String NO_MATCH = "InvalidSignatureException";

  private LocalAwsFixture fixture;
  private AwsSessionCredentials session;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    fixture = new LocalAwsFixture(dynamo);
    session = fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*"));
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  private RawAwsCall get() {
    return RawAwsCall.dynamo(
        fixture.aws.endpoint(),
        "GetItem",
        """
        {"TableName": "%s", "Key": {"pk": {"S": "acme"}, "sk": {"S": "a"}}}\
        """
            .formatted(fixture.table));
  }

  private RawAwsCall signed() {
    return get().sign(session);
  }

  private static void assertRejected(String error, RawAwsCall call) throws Exception {
    var response = call.send();
    assertEquals(error, RawAwsCall.errorType(response));
    assertEquals(400, response.statusCode());
  }

  @Test
  void respondsToAValidRequestWithIdAndChecksum() throws Exception {
    var response = signed().send();
    assertEquals(200, response.statusCode());
    assertEquals("acme", RawAwsCall.json(response).path("Item").path("pk").path("S").asText());
    assertTrue(response.headers().firstValue("x-amzn-RequestId").isPresent());
    assertEquals(crc(response), response.headers().firstValue("x-amz-crc32").orElseThrow());
    assertEquals(
        "application/x-amz-json-1.0", response.headers().firstValue("content-type").orElseThrow());
  }

  @Test
  void rejectsUnsignedRequests() throws Exception {
    assertRejected("MissingAuthenticationTokenException", get());
    assertRejected("MissingAuthenticationTokenException", signed().withoutHeader("Authorization"));
  }

  @Test
  void rejectsASignatureInTheQuery() throws Exception {
    var header = signed();
    var query = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Credential=a";
    assertRejected("MissingAuthenticationTokenException", header.query(query));
    assertRejected("MissingAuthenticationTokenException", get().query(query));
  }

  @Test
  void rejectsOtherSchemesAndIncompleteHeaders() throws Exception {
    var error = "IncompleteSignatureException";
    assertRejected(error, signed().withHeader("Authorization", "Bearer abc"));
    assertRejected(error, signed().withHeader("Authorization", "AWS4-HMAC-SHA256 Credential=a"));
    assertRejected(error, signed().withHeader("Authorization", "AWS4-HMAC-SHA256 "));
    var complete = signed();
    assertRejected(
        error,
        complete.withHeader("Authorization", complete.header("Authorization") + ", Signature=0"));
  }

  @Test
  void rejectsAChangedBody() throws Exception {
    assertRejected(
        NO_MATCH,
        signed()
            .body(
                """
                {"TableName": "%s", "Key": {"pk": {"S": "globex"}, "sk": {"S": "a"}}}\
                """
                    .formatted(fixture.table)));
  }

  @Test
  void rejectsAChangedOperation() throws Exception {
    assertRejected(NO_MATCH, signed().withHeader("X-Amz-Target", "DynamoDB_20120810.DeleteItem"));
  }

  @Test
  void rejectsTwoTargets() throws Exception {
    var response =
        signed()
            .withHeader("X-Amz-Target", "DynamoDB_20120810.GetItem", "DynamoDB_20120810.Scan")
            .send();
    assertEquals(400, response.statusCode());
  }

  @Test
  void rejectsHeadersAddedAfterSigning() throws Exception {
    assertRejected(NO_MATCH, signed().withHeader("X-Amz-Something", "new"));
    assertRejected(NO_MATCH, signed().withHeader("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
  }

  @Test
  void requiresSignedHostTargetAndToken() throws Exception {
    for (var name : new String[] {"host;", ";x-amz-target", ";x-amz-security-token"}) {
      var call = signed();
      var weaker = call.header("Authorization").replace(name, "");
      assertRejected(NO_MATCH, call.withHeader("Authorization", weaker));
    }
  }

  @Test
  void aSignatureIsValidForOneServiceRegionAndDay() throws Exception {
    assertRejected(NO_MATCH, get().sign(session, "sts"));
    assertRejected(NO_MATCH, get().withRegion("us-east-1").sign(session));
    var call = signed();
    var date = call.header("X-Amz-Date").substring(0, 8);
    var moved = call.header("Authorization").replace("/" + date + "/", "/20200101/");
    assertRejected(NO_MATCH, call.withHeader("Authorization", moved));
    var expired = signed();
    assertRejected(
        NO_MATCH,
        expired.withHeader(
            "Authorization", expired.header("Authorization").replace("aws4_request", "aws3")));
  }

  @Test
  void aSignatureIsValidForFiveMinutes() throws Exception {
    var now = Clock.systemUTC();
    assertEquals(
        200,
        get()
            .withClock(Clock.offset(now, Duration.ofMinutes(-4)))
            .sign(session)
            .send()
            .statusCode());
    assertEquals(
        200,
        get()
            .withClock(Clock.offset(now, Duration.ofMinutes(4)))
            .sign(session)
            .send()
            .statusCode());
    var old = get().withClock(Clock.offset(now, Duration.ofMinutes(-6))).sign(session).send();
    assertEquals(NO_MATCH, RawAwsCall.errorType(old));
    assertTrue(RawAwsCall.json(old).path("message").asText().startsWith("Signature expired: "));
    var early = get().withClock(Clock.offset(now, Duration.ofMinutes(6))).sign(session).send();
    assertTrue(
        RawAwsCall.json(early).path("message").asText().startsWith("Signature not yet current: "));
  }

  @Test
  void rejectsUnknownKeysAndMixedCredentials() throws Exception {
    var unknown = "UnrecognizedClientException";
    assertRejected(unknown, get().sign(AwsBasicCredentials.create("AKIANOBODY", "s")));
    var other = fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*"));
    assertRejected(
        NO_MATCH, get().sign(mixed(session, other.secretAccessKey(), session.sessionToken())));
    assertRejected(
        unknown, get().sign(mixed(session, session.secretAccessKey(), other.sessionToken())));
    assertRejected(
        unknown,
        get().sign(AwsBasicCredentials.create(session.accessKeyId(), session.secretAccessKey())));
    assertRejected(
        unknown,
        get()
            .sign(
                mixed(
                    LocalAwsFixture.SANDBOX_USER_KEY,
                    LocalAwsFixture.SANDBOX_USER_KEY.secretAccessKey(),
                    other.sessionToken())));
  }

  private static AwsCredentials mixed(AwsCredentials key, String secret, String token) {
    return AwsSessionCredentials.create(key.accessKeyId(), secret, token);
  }

  @Test
  void rejectsAnExpiredKey() throws Exception {
    var expired = fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*"));
    fixture.aws.expire(expired.accessKeyId());
    assertRejected("ExpiredTokenException", get().sign(expired));
  }

  private static String crc(HttpResponse<String> response) {
    var crc = new CRC32();
    crc.update(response.body().getBytes(UTF_8));
    return String.valueOf(crc.getValue());
  }
}
