package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.metering.Metering;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationRunner;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.OperationUnits;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.provisioning.ProvisioningSteps;
import dev.partywall.operations.provisioning.SiloProvisioning;
import dev.partywall.operations.tenants.TenantRoutes;
import dev.partywall.operations.tenants.TenantRules;
import dev.partywall.storage.Ids;
import dev.partywall.storage.content.ContentDeletion;
import dev.partywall.storage.silo.SiloTables;
import dev.partywall.tenancy.OperationKind;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The operators' routes, and the operations on tenants that they start. */
final class Lifecycle {
  /**
   * A quarter of the read units of one partition of DynamoDB, or three quarters of its write units.
   */
  private static final double UNITS_PER_SECOND = 750;

  private final Settings settings;
  private final Tenancy tenancy;
  private final SecureRandom random;
  private final Resources resources;
  private final OperationPace pace;
  private final Deletion deletion;
  private final OperationUnits units;
  private final Transfers transfers;
  private final TenantOperations operations;

  /**
   * Creates the operations. They start by {@link #start}.
   *
   * @param collections the collections that the capabilities declare; empty permits each name
   */
  Lifecycle(
      Settings settings,
      Set<String> collections,
      Tenancy tenancy,
      Metering metering,
      Deletion deletion,
      AwsClients aws,
      Telemetry telemetry,
      SecureRandom random,
      Resources resources) {
    this.settings = settings;
    this.tenancy = tenancy;
    this.deletion = deletion;
    this.random = random;
    this.resources = resources;
    this.pace = new OperationPace(UNITS_PER_SECOND, System::nanoTime);
    this.units = new OperationUnits(metering.meter().operations());
    telemetry.registerOperationUnits(units::totals);
    var audit = new OperationAuditLog(telemetry.auditLog());
    this.transfers =
        new Transfers(
            settings, collections, tenancy, aws, audit, units, pace, deletion.clock(), random);
    var store = tenancy.registry().operations();
    var runner =
        new OperationRunner(
            store,
            tenancy.registry(),
            steps(aws, audit),
            telemetry.ids()::newExecution,
            () -> UUID.randomUUID().toString(),
            System::nanoTime);
    this.operations = new TenantOperations(store, runner);
  }

  private List<OperationSteps> steps(AwsClients aws, OperationAudit audit) {
    var steps = new ArrayList<OperationSteps>(transfers.steps());
    var provisioner = settings.storage().provisionerRole().map(aws::assumedDynamo);
    steps.add(
        deletion.steps(
            aws.operationDynamo(units.listener(OperationKind.OFFBOARDING, pace)),
            provisioner,
            new PacedCalls(pace, random),
            audit));
    steps.add(
        new ProvisioningSteps(
            provisioner.map(SiloTables::new),
            tenancy.locations(),
            isEmpty(aws),
            tenancy.requests(),
            audit,
            deletion.clock()::correctedTime));
    return steps;
  }

  private BooleanSupplier isEmpty(AwsClients aws) {
    var client = aws.operationDynamo(units.listener(OperationKind.PROVISIONING, pace));
    return new ContentDeletion(client, tenancy.locations())::isEmpty;
  }

  /** Returns the route of the management port that publishes the keys of receipts. */
  Route receiptKeys() {
    return deletion.keys();
  }

  /** Starts to execute operations, also those that an earlier process has begun. */
  void start() {
    resources.add("operations", operations.runner().start());
  }

  /**
   * Returns the routes of the operators; empty if no issuer of operators is configured.
   *
   * @param features the names of all features
   */
  List<Route> routes(Set<String> features) {
    if (issuers(Callers.OPERATORS).isEmpty()) {
      return List.of();
    }
    var rules = new TenantRules(settings.tiers(), features, issuers(Callers.TENANT_USERS));
    var routes =
        new ArrayList<>(
            TenantRoutes.of(
                tenancy.registry(), operations, rules, silos(), new Ids(random), deletion.clock()));
    routes.addAll(deletion.routes(operations));
    routes.addAll(transfers.routes(operations));
    return routes;
  }

  private Optional<SiloProvisioning> silos() {
    return settings
        .storage()
        .provisionerRole()
        .map(_ -> new SiloProvisioning(operations, () -> UUID.randomUUID().toString()));
  }

  private Set<String> issuers(Callers callers) {
    return settings.tokens().issuers().stream()
        .filter(issuer -> issuer.callers() == callers)
        .map(Issuer::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
