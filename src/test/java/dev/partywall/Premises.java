package dev.partywall;

import dev.partywall.attack.SdkProperties;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalIssuer;
import dev.partywall.local.aws.Deployed;
import dev.partywall.metering.UsageTable;
import dev.partywall.storage.PlacementMemory;
import dev.partywall.storage.Tables;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.PlacementsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** A fixture with the dependencies of a service: an issuer, and AWS as the template defines it. */
final class Premises implements AutoCloseable {
  final Deployed aws;
  final LocalIssuer issuer;
  final String prefix;
  private final LocalDynamo dynamo;
  private final Path folder;

  Premises(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    prefix = dynamo.freshPrefix();
    folder = Files.createTempDirectory("fixture");
    aws = new Deployed(dynamo, prefix, InstantSource.system());
    issuer = LocalIssuer.start();
    build("{}");
  }

  /** Creates the tables for the given placements, and returns the placements file. */
  Path build(String placements) throws IOException {
    var file = PlacementsFile.parse(placements.getBytes(StandardCharsets.UTF_8), _ -> {});
    try (var engine = dynamo.client()) {
      new Tables(engine, new Placements(prefix, file)).createMissing();
      new UsageTable(engine, prefix).createMissing();
      new PlacementMemory(engine, prefix, Placements.pool(prefix)).createMissing();
    }
    return Files.writeString(folder.resolve("placements.json"), placements);
  }

  /** Returns the environment variables of a service. */
  Map<String, String> environment() {
    var environment = new HashMap<>(SdkProperties.environment(aws));
    environment.put("PARTYWALL_HOST", "127.0.0.1");
    environment.put("PARTYWALL_PORT", "0");
    environment.put("PARTYWALL_MANAGEMENT_PORT", "0");
    environment.put("PARTYWALL_ISSUERS", issuer.name());
    environment.put("PARTYWALL_AUDIENCE", LocalIssuer.AUDIENCE);
    environment.put("PARTYWALL_TABLE_PREFIX", prefix);
    environment.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    environment.put("PARTYWALL_TENANT_ROLE_ARN", aws.template().arn("TenantRole"));
    return environment;
  }

  /** Returns a valid token. */
  String token(String tenant, String user) {
    return issuer.token(tenant, user, "orders:read orders:write").signedBy(issuer.key());
  }

  @Override
  public void close() {
    issuer.close();
    aws.close();
  }
}
