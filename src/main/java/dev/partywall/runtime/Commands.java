package dev.partywall.runtime;

import dev.partywall.error.ApiException;
import dev.partywall.metering.commands.ComparableHours;
import dev.partywall.metering.commands.ExportUsage;
import dev.partywall.metering.commands.ReconcileUsage;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.operations.tenants.AdoptTenants;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.FormerPlacements;
import dev.partywall.runtime.AwsClients.TenantCallObservers;
import dev.partywall.storage.CountedWrites;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.Tiers;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The usage commands, which read the ledger and serve no requests. */
final class Commands implements AutoCloseable {
  /** The exit status if no result could be determined; 1 means that a difference was found. */
  private static final int NO_RESULT = 3;

  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final AwsClients aws;
  private final Ledger ledger;
  private final String tablePrefix;
  private final DynamoDbClient client;
  private final DynamoTenantRegistry registry;

  private Commands(String tablePrefix, ServiceMeters meters) {
    this.aws = new AwsClients(AwsSettings.NONE, clock, random, List.of(), (_, _) -> {});
    this.tablePrefix = tablePrefix;
    this.client = aws.serviceDynamo();
    this.ledger = new Ledger(client, tablePrefix, meters, clock, random);
    this.registry = new DynamoTenantRegistry(client, tablePrefix, clock, random);
  }

  /** The faults of the options are reported together with those of the configuration. */
  private static void addOptionFaults(Environment env, List<String> faults) {
    faults.forEach(fault -> env.fault("", fault));
  }

  /** Adds the faults of the variables that the AWS SDK reads itself. */
  private static void requireAws(Environment env) {
    var _ = AwsSettings.from(env);
    AwsClients.requireRegion(env);
  }

  /** The configuration of {@code reconcile-usage}. */
  private record ReconciliationSettings(
      String tablePrefix, String service, Settings.IsolationSettings isolation) {
    static ReconciliationSettings read(Environment env, String defaultService, List<String> args) {
      addOptionFaults(env, ReconcileUsage.faults(args, InstantSource.system()));
      requireAws(env);
      var service = Settings.service(env, defaultService);
      return new ReconciliationSettings(
          Settings.tablePrefix(env), service, Settings.isolation(env));
    }

    String pool() {
      return tablePrefix + service;
    }
  }

  /**
   * Runs {@code export-usage}.
   *
   * @return its exit status
   */
  static int exportUsage(
      Map<String, String> variables, Declarations declarations, List<String> args)
      throws Settings.InvalidSettingsException {
    var tablePrefix = Settings.read(variables, env -> exportedTablePrefix(env, args));
    return execute(tablePrefix, declarations.meters(), commands -> commands.export(args));
  }

  private static String exportedTablePrefix(Environment env, List<String> args) {
    addOptionFaults(env, ExportUsage.faults(args, InstantSource.system()));
    requireAws(env);
    return Settings.tablePrefix(env);
  }

  private int export(List<String> args) {
    return new ExportUsage(ledger, clock).run(args, System.out, System.err);
  }

  /**
   * Runs {@code reconcile-usage}.
   *
   * @return its exit status
   */
  static int reconcileUsage(
      Map<String, String> variables, Declarations declarations, List<String> args)
      throws Settings.InvalidSettingsException {
    var settings =
        Settings.read(
            variables, env -> ReconciliationSettings.read(env, declarations.firstName(), args));
    return execute(
        settings.tablePrefix(),
        declarations.meters(),
        commands -> commands.reconcile(settings, args));
  }

  private int reconcile(ReconciliationSettings settings, List<String> args)
      throws InterruptedException {
    var locations = new TenantLocations(settings.pool());
    Supplier<Execution> executions = TraceIds.ofThreadLocalRandom()::newExecution;
    var client =
        aws.tenantDynamo(
            settings.isolation(),
            locations,
            () -> true, // a command reads the counts of every tenant, suspended ones included
            TenantCallObservers.NONE, // it writes nothing
            executions);
    var counts =
        new HourlyCounts(new CountedWrites(client, locations), ledger, this::tenant, executions);
    var command =
        new ReconcileUsage(
            ledger,
            counts,
            new ComparableHours(registry::find, registry.operations()),
            clock,
            time -> Thread.sleep(time));
    return command.run(args, System.out, System.err);
  }

  /** The configuration of {@code adopt-tenants}. */
  private record AdoptionSettings(String tablePrefix, Tiers tiers) {
    static AdoptionSettings read(Environment env, Set<String> features, List<String> args) {
      var tiers = Settings.tiers(env, features);
      var valid = env.faults().isEmpty() ? Optional.of(tiers) : Optional.<Tiers>empty();
      addOptionFaults(env, AdoptTenants.faults(args, valid));
      requireAws(env);
      return new AdoptionSettings(Settings.tablePrefix(env), tiers);
    }
  }

  /**
   * Runs {@code adopt-tenants}.
   *
   * @return its exit status
   */
  static int adoptTenants(
      Map<String, String> variables, Declarations declarations, List<String> args)
      throws Settings.InvalidSettingsException {
    var settings =
        Settings.read(variables, env -> AdoptionSettings.read(env, declarations.features(), args));
    return execute(
        settings.tablePrefix(),
        declarations.meters(),
        commands -> commands.adopt(settings.tiers(), args));
  }

  private int adopt(Tiers tiers, List<String> args) {
    var sources =
        new AdoptTenants.Sources(
            () -> FormerPlacements.read(client, tablePrefix), this::tenantsOfLedger);
    return new AdoptTenants(registry, sources, tiers, clock).run(args, System.out, System.err);
  }

  private Set<TenantId> tenantsOfLedger() {
    var now = clock.instant();
    return ledger.tenants(now.minus(AdoptTenants.PERIOD), now).stream()
        .map(MeteredTenant::id)
        .collect(Collectors.toSet());
  }

  private Tenant tenant(TenantId id) {
    return Tenant.of(id, registry.find(id));
  }

  @Override
  public void close() {
    aws.close();
  }

  @FunctionalInterface
  private interface UsageCommand {
    int run(Commands commands) throws InterruptedException;
  }

  private static int execute(String tablePrefix, ServiceMeters meters, UsageCommand command) {
    try (var commands = new Commands(tablePrefix, meters)) {
      return command.run(commands);
    } catch (ApiException e) {
      var cause =
          e.getCause() == null
              ? "the service's credentials do not permit the call"
              : AwsFaultText.of(e.getCause());
      System.err.println("AWS is unreachable or rejected the call: " + cause);
      return NO_RESULT;
    } catch (SdkClientException e) {
      System.err.println("AWS configuration: " + AwsFaultText.of(e));
      return NO_RESULT;
    } catch (SdkServiceException e) { // a permanent error other than missing permissions
      System.err.println("AWS rejected the call: " + AwsFaultText.of(e));
      return NO_RESULT;
    } catch (RuntimeException e) { // unreadable data
      System.err.println("Some data could not be read: " + e.getMessage());
      return NO_RESULT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NO_RESULT;
    }
  }
}
