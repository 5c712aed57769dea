package dev.partywall.runtime;

import dev.partywall.local.LocalDeployment;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.TemporaryFolder;
import dev.partywall.local.UnlimitedTiers;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A fixture with the dependencies of a service: an issuer, and AWS as the template defines it. */
public final class ServiceFixture implements AutoCloseable {
  final DeployedTemplate aws;
  final LocalOidcIssuer issuer;
  public final String prefix;
  private final Path folder;
  private final String tiers;

  public ServiceFixture(LocalDynamo dynamo) throws IOException {
    this(dynamo, "orders");
  }

  /** Deploys the template for the service with this name. */
  public ServiceFixture(LocalDynamo dynamo, String service) throws IOException {
    prefix = dynamo.uniquePrefix();
    folder = TemporaryFolder.create("fixture");
    tiers = UnlimitedTiers.in(folder);
    var parameters = Map.of("TablePrefix", prefix, "ServiceName", service, "Provisioner", "true");
    aws = new DeployedTemplate(dynamo, parameters, InstantSource.system());
    issuer = LocalOidcIssuer.start();
    LocalDeployment.createTables(dynamo, service, prefix);
  }

  /** Returns the environment variables of a service. */
  public Map<String, String> environment() {
    var environment = new HashMap<>(aws.variables());
    environment.put("PARTYWALL_HOST", "127.0.0.1");
    environment.put("PARTYWALL_PORT", "0");
    environment.put("PARTYWALL_MANAGEMENT_PORT", "0");
    environment.put("PARTYWALL_ISSUERS", issuer.name());
    environment.put("PARTYWALL_AUDIENCE", LocalOidcIssuer.AUDIENCE);
    environment.put("PARTYWALL_UNKNOWN_TENANTS", "allow"); // tests need not register their tenants
    environment.put("PARTYWALL_TIERS", tiers);
    environment.put("PARTYWALL_TABLE_PREFIX", prefix);
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    environment.put("PARTYWALL_TENANT_ROLE_ARN", aws.template().arn("TenantRole"));
    return environment;
  }

  /** Returns the declarations of the capabilities. */
  public static Declarations declare(List<Capability> capabilities) {
    return Declarations.of(capabilities, Map.of(), InstantSource.system(), new SecureRandom());
  }

  /** Starts a service in this process that takes the time of day from {@code clock}. */
  public static Service start(Settings settings, List<Capability> capabilities, InstantSource clock)
      throws Exception {
    var limits = Service.Replaceable.production().limits();
    return start(settings, capabilities, new Service.Replaceable(clock, System::nanoTime, limits));
  }

  /** Starts a service with some parts replaced. */
  static Service start(Settings settings, List<Capability> capabilities, Service.Replaceable parts)
      throws Exception {
    var declarations = Declarations.of(capabilities, Map.of(), parts.clock(), new SecureRandom());
    return Service.start(settings, declarations, parts);
  }

  /** Returns a valid token. */
  public String token(String tenant, String user) {
    return token(tenant, user, "orders:read orders:write");
  }

  /** Returns a valid token with these scopes. */
  public String token(String tenant, String user, String scopes) {
    return issuer.token(tenant, user, scopes).signedBy(issuer.key());
  }

  @Override
  public void close() {
    issuer.close();
    aws.close();
  }
}
