package dev.partywall.isolation;

import static dev.partywall.isolation.CredentialsFixture.ACME;
import static dev.partywall.isolation.CredentialsFixture.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.isolation.StubAws.StubAwsRequest;
import dev.partywall.isolation.StubAws.StubAwsResponse;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

class TenantDynamoTest {
  private final CredentialsFixture stage = new CredentialsFixture();
  private final StubAws aws = new StubAws(_ -> StubAws.emptyResponse());
  private final DynamoDbClient raw =
      DynamoDbClient.builder()
          .region(Region.EU_CENTRAL_1)
          .endpointOverride(aws.endpoint())
          .credentialsProvider(stage.credentials)
          .build();
  private final DynamoDbClient dynamo = new TenantDynamo(raw, stage.credentials);

  @AfterEach
  void stop() {
    dynamo.close();
    aws.close();
  }

  private GetItemResponse get(TenantId tenant) {
    return TenantContext.call(new Tenant(tenant, "free"), this::get);
  }

  private GetItemResponse get() {
    var key = Map.of("pk", AttributeValue.fromS("x"), "sk", AttributeValue.fromS("y"));
    return dynamo.getItem(get -> get.tableName("orders").key(key));
  }

  private static StubAwsResponse onlyFor(String accessKey, StubAwsRequest call, String errorCode) {
    return call.authorization().contains("Credential=" + accessKey + "/")
        ? StubAws.emptyResponse()
        : StubAws.dynamoError(errorCode);
  }

  @Test
  void signsEachCallAsTheBoundTenant() {
    get(ACME);
    get(GLOBEX);
    get(ACME);
    var signers =
        aws.calls.stream()
            .map(call -> call.authorization().replaceAll(".*Credential=(\\w+)/.*", "$1"));
    assertEquals(List.of("ASIA1", "ASIA2", "ASIA1"), signers.toList());
  }

  @Test
  void sendsNothingWithoutABoundTenant() {
    assertThrows(IllegalStateException.class, this::get);
    assertThrows(
        IllegalStateException.class,
        () -> raw.getItem(get -> get.tableName("orders").key(Map.of())));
    assertEquals(0, aws.calls.size());
  }

  @Test
  void failsAsUnavailableAndSendsNothingWithoutCredentials() {
    stage.sts.unavailable = true;
    var rejected = assertThrows(ApiException.class, () -> get(ACME));
    assertTrue(rejected.error() instanceof ApiError.Unavailable);
    assertEquals(0, aws.calls.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ExpiredTokenException", "UnrecognizedClientException"})
  void replacesExpiredCredentialsAndRepeatsTheCall(String code) {
    get(ACME);
    stage.clock.advance(Duration.ofMinutes(20));
    aws.responder = call -> onlyFor("ASIA2", call, code);
    get(ACME);
    get(ACME);
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void repeatedTransactionKeepsItsToken() throws Exception {
    get(ACME);
    stage.clock.advance(Duration.ofMinutes(20));
    aws.calls.clear();
    aws.responder = call -> onlyFor("ASIA2", call, "ExpiredTokenException");
    TenantContext.call(
        new Tenant(ACME, "free"),
        () -> dynamo.transactWriteItems(write -> write.transactItems(List.of())));
    assertEquals(2, aws.calls.size());
    assertEquals(token(0), token(1));
  }

  private String token(int call) throws Exception {
    return new ObjectMapper()
        .readTree(aws.calls.get(call).body())
        .required("ClientRequestToken")
        .asText();
  }

  @Test
  void doesNotCallStsForEachCallIfNewCredentialsAreRejected() {
    get(ACME);
    stage.clock.advance(Duration.ofMinutes(20));
    aws.responder = _ -> StubAws.dynamoError("UnrecognizedClientException");
    for (int i = 0; i < 10; i++) {
      assertThrows(DynamoDbException.class, () -> get(ACME));
    }
    assertEquals(2, stage.sts.calls());
  }

  @Test
  void doesNotRepeatACallThatThePolicyDenies() {
    aws.responder = _ -> StubAws.dynamoError("AccessDeniedException");
    assertThrows(DynamoDbException.class, () -> get(ACME));
    assertEquals(1, aws.calls.size());
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void doesNotSupportScan() {
    assertThrows(
        UnsupportedOperationException.class,
        () ->
            TenantContext.call(
                new Tenant(ACME, "free"), () -> dynamo.scan(scan -> scan.tableName("orders"))));
  }
}
