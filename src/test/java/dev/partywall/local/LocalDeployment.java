package dev.partywall.local;

import dev.partywall.metering.ledger.Ledger;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One service in the local stack: its tables, and an AWS account with the roles and policies that
 * the CloudFormation template defines for it.
 */
public final class LocalDeployment implements AutoCloseable {
  private final String service;
  private final String prefix;
  private final LocalAccount account;

  private LocalDeployment(String service, String prefix, LocalAccount account) {
    this.service = service;
    this.prefix = prefix;
    this.account = account;
  }

  /**
   * Deploys a service.
   *
   * @param prefix the prefix of the table names
   * @param port the port of STS and DynamoDB; 0 picks a free port
   */
  public static LocalDeployment open(LocalDynamo engine, String service, String prefix, int port)
      throws IOException {
    var parameters = Map.of("TablePrefix", prefix, "ServiceName", service);
    var deployment =
        new LocalDeployment(service, prefix, new LocalAccount(port, engine, parameters));
    try {
      createTables(engine, service, prefix);
      return deployment;
    } catch (RuntimeException e) {
      deployment.close();
      throw e;
    }
  }

  /** Creates the tables of a service: the pool, the ledger and the registry. */
  public static void createTables(LocalDynamo engine, String service, String prefix) {
    var tables =
        List.of(
            Schema.ofTenants(prefix + service),
            Ledger.schema(prefix),
            DynamoTenantRegistry.schema(prefix));
    try (var client = engine.client()) {
      new TableProvisioning(client, tables).createMissing();
    }
  }

  LocalAccount account() {
    return account;
  }

  /**
   * Returns the environment variables that point the service to its dependencies: AWS, and the
   * issuer of tenants' and of operators' tokens.
   */
  public Map<String, String> variables(LocalOidcIssuer issuer, LocalOidcIssuer operators) {
    var variables = new TreeMap<>(account.serviceVariables());
    variables.put("PARTYWALL_ISSUERS", issuer.name());
    variables.put("PARTYWALL_OPERATOR_ISSUERS", operators.name());
    variables.put("PARTYWALL_AUDIENCE", LocalOidcIssuer.AUDIENCE);
    variables.put("PARTYWALL_SERVICE", service);
    variables.put("PARTYWALL_TABLE_PREFIX", prefix);
    return variables;
  }

  @Override
  public void close() {
    account.close();
  }
}
