package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.isolation.CredentialIssuing;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.TenantCredentials;
import dev.partywall.isolation.TenantSession;
import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DynamoClientsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final TenantLocation LOCATION = new TenantLocation("orders", List.of("acme"));

  private final FaultInjectingClient proxy;
  private final DynamoDbClient tenantClient;

  DynamoClientsTest(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    tenantClient = proxy.clients(List.of()).build(credentials());
  }

  @AfterEach
  void close() throws IOException {
    tenantClient.close();
    proxy.close();
  }

  private static TenantCredentials credentials() {
    var issuing =
        new CredentialIssuing(
            (tenant, location) ->
                new TenantSession(
                    tenant,
                    location,
                    AwsSessionCredentials.create("ASIA", "secret", "token"),
                    NOW.plusSeconds(3_600)),
            Runnable::run,
            TestExecution::create,
            InstantSource.fixed(NOW),
            () -> 0.5,
            CredentialListener.NONE);
    return new TenantCredentials(issuing, _ -> LOCATION, 10);
  }

  private void get() {
    var key = Attributes.keyOf("acme", "thing#1");
    TenantContext.call(
        new Tenant(new TenantId("acme")),
        () -> tenantClient.getItem(get -> get.tableName("orders").key(key)));
  }

  /** A call with rejected credentials is repeated once before it counts as denied. */
  @ParameterizedTest
  @CsvSource({"AccessDeniedException, 1", "ExpiredTokenException, 2"})
  void tenantClientsReportADeniedCallOnce(String code, int calls) {
    proxy.handleWith(FaultInjectingClient.replyWithError(400, code));
    assertThrows(ApiException.class, this::get);
    assertEquals(calls, proxy.calls().size());
    assertEquals(List.of("GetItem on orders"), proxy.denials());
  }

  @Test
  void tenantClientsReportNoDenialIfTheRepetitionSucceeds() {
    proxy.handleNextWith(FaultInjectingClient.replyWithError(400, "ExpiredTokenException"));
    // The proxy forwards the repetition to an engine without the table.
    assertThrows(ApiException.class, this::get);
    assertEquals(List.of("GetItem", "GetItem"), proxy.calls());
    assertEquals(List.of(), proxy.denials());
  }

  @Test
  void tenantClientsSendNothingWithoutABoundTenant() {
    var key = Attributes.keyOf("acme", "thing#1");
    assertThrows(
        IllegalStateException.class,
        () -> tenantClient.getItem(get -> get.tableName("orders").key(key)));
    assertEquals(List.of(), proxy.calls());
  }
}
