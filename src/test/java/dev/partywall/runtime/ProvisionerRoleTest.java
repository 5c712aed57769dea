package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.http.server.RawClient;
import dev.partywall.isolation.RoleArn;
import dev.partywall.local.LocalDeployment;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.local.aws.iam.AwsCallRecorder.ForwardedOperation;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.Schema;
import dev.partywall.storage.silo.CreationDeadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Creates the tables of a new installation, with the roles of the template. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ProvisionerRoleTest {
  private static final String PROVISIONER =
      "arn:aws:sts::123456789012:assumed-role/partywall-ProvisionerRole/";

  @TempDir Path folder;

  private final LocalDynamo dynamo;
  private final String prefix;
  private final DeployedTemplate aws;
  private final LocalOidcIssuer issuer = LocalOidcIssuer.start();

  ProvisionerRoleTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    prefix = dynamo.uniquePrefix();
    var parameters = Map.of("TablePrefix", prefix, "Provisioner", "true");
    aws = new DeployedTemplate(dynamo, parameters, InstantSource.system());
  }

  @AfterEach
  void close() {
    issuer.close();
    aws.close();
  }

  @Test
  void createsMissingTablesUnderItsRoleAndAssumesItOnlyForThat() throws Exception {
    var role = aws.template().arn("ProvisionerRole");
    InProcessService.awaitReady(start(Map.of("PARTYWALL_PROVISIONER_ROLE_ARN", role))).drain();
    assertEquals(
        Set.of("CreateTable", "DescribeTimeToLive", "UpdateTimeToLive"), operationsOfProvisioner());
    assertEquals(1, assumptionsOf(role));

    aws.aws().recorder().clear();
    InProcessService.awaitReady(start(Map.of("PARTYWALL_PROVISIONER_ROLE_ARN", role))).drain();
    assertEquals(Set.of(), operationsOfProvisioner());
    assertEquals(0, assumptionsOf(role));
  }

  @Test
  void namesTheRoleThatCannotBeAssumed() throws Exception {
    var role = "arn:aws:iam::123456789012:role/other";
    var service = start(Map.of("PARTYWALL_PROVISIONER_ROLE_ARN", role));
    try {
      var expected = "STS rejected AssumeRole for " + role + "\"";
      while (!readiness(service).contains(expected)) {
        Thread.sleep(20);
      }
    } finally {
      service.drain();
    }
  }

  @Test
  void requestsNoTableAfterTheLeaseOfTheOwner() {
    var role = RoleArn.parse(aws.template().arn("ProvisionerRole")).orElseThrow();
    var silo = Schema.ofTenants(prefix + "orders.acme").createRequest();
    var settings = AwsSettings.from(new Environment(aws.variables()));
    try (var clients =
        new AwsClients(
            settings, InstantSource.system(), new SecureRandom(), List.of(), (_, _) -> {})) {
      var client = clients.assumedDynamo(role);
      var late = CreationDeadline.with(silo, System.nanoTime() - 1);
      assertThrows(ApiException.class, () -> client.createTable(late));
      assertEquals(Set.of(), operationsOfProvisioner());

      client.createTable(CreationDeadline.with(silo, System.nanoTime() + 60_000_000_000L));
      assertEquals(Set.of("CreateTable"), operationsOfProvisioner());
    }
  }

  @Test
  void mayChangeAndDeleteTablesOfSilosOnlyAndReadNone() {
    var silo = prefix + "orders.acme";
    LocalDeployment.createTables(dynamo, "orders", prefix);
    try (var engine = dynamo.client();
        var provisioner = provisioner()) {
      engine.createTable(Schema.ofTenants(silo).createRequest());
      for (var table : List.of("orders", "tenants", "usage")) {
        assertDenied(() -> provisioner.deleteTable(delete -> delete.tableName(prefix + table)));
        assertDenied(() ->
            provisioner.updateTable(
                update -> update.tableName(prefix + table).deletionProtectionEnabled(false)));
      }
      assertDenied(() ->
          provisioner.getItem(get -> get.tableName(silo).key(Attributes.keyOf("acme", "order#1"))));
      provisioner.updateTable(update -> update.tableName(silo).deletionProtectionEnabled(false));
      provisioner.deleteTable(delete -> delete.tableName(silo));
      assertThrows(
          ResourceNotFoundException.class,
          () -> engine.describeTable(describe -> describe.tableName(silo)));
    }
  }

  private static void assertDenied(Executable call) {
    var denial = assertThrows(DynamoDbException.class, call);
    assertEquals("AccessDeniedException", denial.awsErrorDetails().errorCode());
  }

  private DynamoDbClient provisioner() {
    var role = aws.template().name("ProvisionerRole");
    var credentials = aws.aws().credentials(role, "test", Duration.ofHours(1));
    return DynamoDbClient.builder()
        .endpointOverride(aws.aws().endpoint())
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    credentials.accessKeyId(),
                    credentials.secretAccessKey(),
                    credentials.sessionToken().orElseThrow())))
        .build();
  }

  /** The service assumes the role of the tenants as well. */
  private long assumptionsOf(String role) {
    return aws.aws().recorder().decisions().stream()
        .filter(decision -> decision.action().equals("sts:AssumeRole"))
        .filter(decision -> decision.resource().equals(role))
        .count();
  }

  private Set<String> operationsOfProvisioner() {
    return aws.aws().recorder().forwardedOperations().stream()
        .filter(call -> call.principal().startsWith(PROVISIONER))
        .map(ForwardedOperation::operation)
        .collect(Collectors.toSet());
  }

  private Service start(Map<String, String> more) throws Exception {
    var variables = new HashMap<>(aws.variables());
    variables.put("PARTYWALL_HOST", "127.0.0.1");
    variables.put("PARTYWALL_PORT", "0");
    variables.put("PARTYWALL_MANAGEMENT_PORT", "0");
    variables.put("PARTYWALL_ISSUERS", issuer.name());
    variables.put("PARTYWALL_AUDIENCE", LocalOidcIssuer.AUDIENCE);
    variables.put("PARTYWALL_TABLE_PREFIX", prefix);
    variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    variables.put("PARTYWALL_TENANT_ROLE_ARN", aws.template().arn("TenantRole"));
    variables.put("PARTYWALL_CREATE_TABLES", "true");
    variables.putAll(more);
    var declarations = ServiceFixture.declare(List.of(OrderRoutes::of));
    return Service.start(Settings.from(variables, declarations), declarations);
  }

  private static String readiness(Service service) throws IOException {
    try (var client = new RawClient(service.managementPort())) {
      var head = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read().text();
    }
  }
}
