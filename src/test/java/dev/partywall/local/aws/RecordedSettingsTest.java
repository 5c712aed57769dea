package dev.partywall.local.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableNotFoundException;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RecordedSettingsTest {
  private final LocalAwsFixture fixture;
  private final String table;
  private DynamoDbClient client;

  RecordedSettingsTest(LocalDynamo dynamo) throws Exception {
    this.fixture = new LocalAwsFixture(dynamo);
    this.table = fixture.table + ".acme";
  }

  @BeforeEach
  void connect() {
    client =
        fixture.dynamo(
            fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*")));
  }

  @AfterEach
  void close() {
    client.close();
    fixture.close();
  }

  @Test
  void recordsContinuousBackupsUntilTheTableIsDeleted() {
    createProtectedTable();
    assertEquals("DISABLED", recovery().pointInTimeRecoveryStatusAsString());
    client.updateContinuousBackups(b ->
        b.tableName(table)
            .pointInTimeRecoverySpecification(
                s -> s.pointInTimeRecoveryEnabled(true).recoveryPeriodInDays(7)));
    assertEquals("ENABLED", recovery().pointInTimeRecoveryStatusAsString());
    assertEquals(7, recovery().recoveryPeriodInDays());
    deleteTable();
    assertThrows(TableNotFoundException.class, this::recovery);
    createProtectedTable();
    assertEquals("DISABLED", recovery().pointInTimeRecoveryStatusAsString());
  }

  @Test
  void describesTheEncryptionOfACreatedTable() {
    createProtectedTable();
    var encryption = client.describeTable(d -> d.tableName(table)).table().sseDescription();
    assertEquals(SSEStatus.ENABLED, encryption.status());
    assertEquals(SSEType.KMS, encryption.sseType());
    var unencrypted = client.describeTable(d -> d.tableName(fixture.table)).table();
    assertNull(unencrypted.sseDescription());
  }

  @Test
  void protectsATableAgainstDeletionUntilItIsUpdated() {
    createProtectedTable();
    assertTrue(client.describeTable(d -> d.tableName(table)).table().deletionProtectionEnabled());
    var rejected =
        assertThrows(DynamoDbException.class, () -> client.deleteTable(d -> d.tableName(table)));
    assertEquals("ValidationException", rejected.awsErrorDetails().errorCode());
    deleteTable();
  }

  @Test
  void continuousBackupsRequireAPermission() {
    createProtectedTable();
    try (var reader =
        fixture.dynamo(
            fixture.restrictedCredentials(
                LocalAwsFixture.allowPolicy("dynamodb:DescribeContinuousBackups", "*")))) {
      var denied =
          assertThrows(
              DynamoDbException.class,
              () ->
                  reader.updateContinuousBackups(b ->
                      b.tableName(table)
                          .pointInTimeRecoverySpecification(
                              s -> s.pointInTimeRecoveryEnabled(true))));
      assertEquals("AccessDeniedException", denied.awsErrorDetails().errorCode());
    }
  }

  private PointInTimeRecoveryDescription recovery() {
    return client
        .describeContinuousBackups(b -> b.tableName(table))
        .continuousBackupsDescription()
        .pointInTimeRecoveryDescription();
  }

  private void createProtectedTable() {
    client.createTable(t ->
        t.tableName(table)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .deletionProtectionEnabled(true)
            .sseSpecification(s -> s.enabled(true).sseType(SSEType.KMS))
            .keySchema(KeySchemaElement.builder().attributeName("pk").keyType(KeyType.HASH).build())
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName("pk")
                    .attributeType(ScalarAttributeType.S)
                    .build()));
  }

  private void deleteTable() {
    client.updateTable(u -> u.tableName(table).deletionProtectionEnabled(false));
    client.deleteTable(d -> d.tableName(table));
  }
}
