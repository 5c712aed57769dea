package dev.partywall.local;

import dev.partywall.local.SampleData.LocalTables;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * All dependencies of a service on this machine: DynamoDB Local behind the local IAM enforcer, an
 * STS, an OIDC issuer for tenants and another for operators, and the sample data.
 *
 * @param variables the environment variables that point the service to them
 */
public record LocalDependencies(
    LocalDynamo engine,
    LocalOidcIssuer issuer,
    LocalDeployment deployment,
    Map<String, String> variables)
    implements AutoCloseable {
  private static final String PREFIX = "partywall-";

  /** The path of the operators' issuer below the URL of the tenants' issuer. */
  private static final String OPERATORS = "/operators";

  /** Tenant settings of the first instance that a second instance needs as well. */
  private static final List<String> FORWARDED =
      List.of(
          "PARTYWALL_TIERS",
          "PARTYWALL_UNKNOWN_TENANTS",
          "PARTYWALL_PEERS",
          "PARTYWALL_PRICES",
          "PARTYWALL_TENANT_DOMAIN");

  /**
   * Starts all dependencies.
   *
   * @param service the name of the service
   * @param env may name a table prefix
   * @param folder for temporary files, and for the key of the receipts
   */
  public static LocalDependencies open(
      String service, SampleData samples, Map<String, String> env, LocalPorts ports, Path folder)
      throws Exception {
    var prefix = env.getOrDefault("PARTYWALL_TABLE_PREFIX", PREFIX);
    var opened = new ArrayDeque<Runnable>();
    // RSA, like most identity providers. Generated in the background, because it takes as long as
    // the engine's start.
    var key = CompletableFuture.supplyAsync(() -> LocalKey.rsa("local-" + UUID.randomUUID(), 2048));
    try {
      var engine = LocalDynamo.startRestricted();
      opened.push(engine::close);
      var deployment = LocalDeployment.open(engine, service, prefix, ports.aws());
      opened.push(deployment::close);
      try (var client = engine.client()) {
        LocalTenants.register(client, prefix);
        samples.create(new LocalTables(client, prefix, service, folder));
      }
      var issuer = LocalOidcIssuer.start(ports.issuer(), InstantSource.system(), key.join());
      opened.push(issuer::close);
      var variables = new TreeMap<>(deployment.variables(issuer, issuer.operators(OPERATORS)));
      variables.put("PARTYWALL_RECEIPT_KEY", LocalReceiptKey.store(folder).toString());
      FORWARDED.stream()
          .filter(env::containsKey)
          .forEach(name -> variables.put(name, env.get(name)));
      return new LocalDependencies(engine, issuer, deployment, variables);
    } catch (Exception e) {
      opened.forEach(Runnable::run); // Open listeners would keep the process alive.
      throw e;
    }
  }

  @Override
  public void close() {
    try (engine;
        issuer) {
      deployment.close();
    }
  }
}
