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

/** Requests over raw HTTP that prove less than they should. */
@ExtendWith(LocalDynamo.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class SignedRequestTest {
  private static final String NO_MATCH = "InvalidSignatureException";

  private House house;
  private AwsSessionCredentials session;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    house = new House(dynamo);
    session = house.narrowed(House.allow("dynamodb:*", "*"));
  }

  @AfterAll
  void close() {
    house.close();
  }

  private RawCall get() {
    return RawCall.dynamo(
        house.aws.endpoint(),
        "GetItem",
        """
        {"TableName": "%s", "Key": {"pk": {"S": "acme"}, "sk": {"S": "a"}}}\
        """
            .formatted(house.table));
  }

  private RawCall signed() {
    return get().signed(session);
  }

  private static void refused(String error, RawCall call) throws Exception {
    var answer = call.send();
    assertEquals(error, RawCall.error(answer));
    assertEquals(400, answer.statusCode());
  }

  @Test
  void aWholeRequestIsAnsweredWithItsIdAndItsChecksum() throws Exception {
    var answer = signed().send();
    assertEquals(200, answer.statusCode());
    assertEquals("acme", RawCall.json(answer).path("Item").path("pk").path("S").asText());
    assertTrue(answer.headers().firstValue("x-amzn-RequestId").isPresent());
    assertEquals(crc(answer), answer.headers().firstValue("x-amz-crc32").orElseThrow());
    assertEquals(
        "application/x-amz-json-1.0", answer.headers().firstValue("content-type").orElseThrow());
  }

  @Test
  void nothingIsAnsweredWithoutASignature() throws Exception {
    refused("MissingAuthenticationTokenException", get());
    refused("MissingAuthenticationTokenException", signed().without("Authorization"));
  }

  @Test
  void aSignatureInTheQueryIsNotTaken() throws Exception {
    var header = signed();
    var query = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Credential=a";
    refused("MissingAuthenticationTokenException", header.query(query));
    refused("MissingAuthenticationTokenException", get().query(query));
  }

  @Test
  void anotherSchemeOrHalfAHeaderIsIncomplete() throws Exception {
    var error = "IncompleteSignatureException";
    refused(error, signed().with("Authorization", "Bearer abc"));
    refused(error, signed().with("Authorization", "AWS4-HMAC-SHA256 Credential=a"));
    refused(error, signed().with("Authorization", "AWS4-HMAC-SHA256 "));
    var whole = signed();
    refused(error, whole.with("Authorization", whole.header("Authorization") + ", Signature=0"));
  }

  @Test
  void theBodyIsSigned() throws Exception {
    refused(
        NO_MATCH,
        signed()
            .body(
                """
                {"TableName": "%s", "Key": {"pk": {"S": "globex"}, "sk": {"S": "a"}}}\
                """
                    .formatted(house.table)));
  }

  @Test
  void theOperationIsSigned() throws Exception {
    refused(NO_MATCH, signed().with("X-Amz-Target", "DynamoDB_20120810.DeleteItem"));
  }

  @Test
  void aSecondTargetIsNoTarget() throws Exception {
    var answer =
        signed().with("X-Amz-Target", "DynamoDB_20120810.GetItem", "DynamoDB_20120810.Scan").send();
    assertEquals(400, answer.statusCode());
  }

  @Test
  void whatIsAddedAfterSigningIsNoticed() throws Exception {
    refused(NO_MATCH, signed().with("X-Amz-Something", "new"));
    refused(NO_MATCH, signed().with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
  }

  @Test
  void theHostAndTheTargetMustBeAmongWhatIsSigned() throws Exception {
    for (var name : new String[] {"host;", ";x-amz-target", ";x-amz-security-token"}) {
      var call = signed();
      var weaker = call.header("Authorization").replace(name, "");
      refused(NO_MATCH, call.with("Authorization", weaker));
    }
  }

  @Test
  void aSignatureIsForOneServiceOneRegionAndOneDay() throws Exception {
    refused(NO_MATCH, get().signed(session, "sts"));
    refused(NO_MATCH, get().scopedTo("us-east-1").signed(session));
    var call = signed();
    var date = call.header("X-Amz-Date").substring(0, 8);
    var moved = call.header("Authorization").replace("/" + date + "/", "/20200101/");
    refused(NO_MATCH, call.with("Authorization", moved));
    var ended = signed();
    refused(
        NO_MATCH,
        ended.with("Authorization", ended.header("Authorization").replace("aws4_request", "aws3")));
  }

  @Test
  void aSignatureIsGoodForFiveMinutes() throws Exception {
    var now = Clock.systemUTC();
    assertEquals(
        200,
        get().at(Clock.offset(now, Duration.ofMinutes(-4))).signed(session).send().statusCode());
    assertEquals(
        200,
        get().at(Clock.offset(now, Duration.ofMinutes(4))).signed(session).send().statusCode());
    var old = get().at(Clock.offset(now, Duration.ofMinutes(-6))).signed(session).send();
    assertEquals(NO_MATCH, RawCall.error(old));
    assertTrue(RawCall.json(old).path("message").asText().startsWith("Signature expired: "));
    var early = get().at(Clock.offset(now, Duration.ofMinutes(6))).signed(session).send();
    assertTrue(
        RawCall.json(early).path("message").asText().startsWith("Signature not yet current: "));
  }

  @Test
  void aKeyIsNoOtherKey() throws Exception {
    var unknown = "UnrecognizedClientException";
    refused(unknown, get().signed(AwsBasicCredentials.create("AKIANOBODY", "s")));
    var other = house.narrowed(House.allow("dynamodb:*", "*"));
    refused(
        NO_MATCH, get().signed(mixed(session, other.secretAccessKey(), session.sessionToken())));
    refused(unknown, get().signed(mixed(session, session.secretAccessKey(), other.sessionToken())));
    refused(
        unknown,
        get().signed(AwsBasicCredentials.create(session.accessKeyId(), session.secretAccessKey())));
    refused(
        unknown,
        get()
            .signed(mixed(House.TINKERER, House.TINKERER.secretAccessKey(), other.sessionToken())));
  }

  private static AwsCredentials mixed(AwsCredentials key, String secret, String token) {
    return AwsSessionCredentials.create(key.accessKeyId(), secret, token);
  }

  @Test
  void anExpiredKeySaysSo() throws Exception {
    var ended = house.narrowed(House.allow("dynamodb:*", "*"));
    house.aws.expire(ended.accessKeyId());
    refused("ExpiredTokenException", get().signed(ended));
  }

  private static String crc(HttpResponse<String> answer) {
    var crc = new CRC32();
    crc.update(answer.body().getBytes(UTF_8));
    return String.valueOf(crc.getValue());
  }
}
