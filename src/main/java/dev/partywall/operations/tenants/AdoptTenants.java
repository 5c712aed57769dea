package dev.partywall.operations.tenants;

import dev.partywall.error.Faults;
import dev.partywall.metering.commands.CommandOptions;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.PlacementsFile;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code adopt-tenants [--placements FILE] [--tier NAME]}: registers the tenants of an installation
 * that had no registry, as incarnation 1. It takes them from the former placement records, from the
 * file, and from the ledger; tenants of the ledger alone are in the pool. A registered tenant is
 * not changed, so the command can be repeated.
 */
public final class AdoptTenants {
  /** The period until now whose usage makes a tenant known. */
  public static final Duration PERIOD = Duration.ofDays(400);

  private static final int INVALID = 2;
  private static final String PLACEMENTS = "--placements";
  private static final String TIER = "--tier";

  private final TenantRegistry registry;
  private final Sources sources;
  private final Tiers tiers;
  private final InstantSource clock;

  /**
   * The sources of the tenants in the tables. Each is read once.
   *
   * @param placements returns the former placement records
   * @param ledger returns the tenants with usage
   */
  public record Sources(
      Supplier<Map<String, Placement>> placements, Supplier<Set<TenantId>> ledger) {}

  /** Creates the command. */
  public AdoptTenants(TenantRegistry registry, Sources sources, Tiers tiers, InstantSource clock) {
    this.registry = registry;
    this.sources = sources;
    this.tiers = tiers;
    this.clock = clock;
  }

  /**
   * Returns the faults of the arguments, one line each, except for those that only the tables show.
   *
   * @param tiers the tiers to choose from; empty if they are invalid themselves
   */
  public static List<String> faults(List<String> args, Optional<Tiers> tiers) {
    var options = options(args);
    tiers.ifPresent(valid -> tier(options, valid));
    var _ = placements(options);
    return options.faults();
  }

  private static CommandOptions options(List<String> args) {
    return new CommandOptions(args, Set.of(PLACEMENTS, TIER));
  }

  private static String tier(CommandOptions options, Tiers tiers) {
    var tier = options.text(TIER).orElse(Tiers.DEFAULT_TIER);
    if (!tiers.contains(tier)) {
      options.fault(TIER, "must be one of " + String.join(", ", tiers.names()));
    }
    return tier;
  }

  private static Map<TenantId, Placement> placements(CommandOptions options) {
    return options.text(PLACEMENTS).map(file -> read(file, options)).orElse(Map.of());
  }

  /**
   * Runs the command. Prints a line for each tenant.
   *
   * @param args the arguments after the command name
   * @return the exit code: 0 if all tenants are registered, 2 for invalid arguments
   */
  public int run(List<String> args, PrintStream out, PrintStream err) {
    var options = options(args);
    var tier = tier(options, tiers);
    var named = placements(options);
    var former = options.isValid() ? sources.placements().get() : Map.<String, Placement>of();
    rejectDifferences(named, former, options);
    if (!options.validate(err)) {
      return INVALID;
    }
    var tenants = new TreeMap<>(former);
    named.forEach((id, placement) -> tenants.put(id.value(), placement));
    sources.ledger().get().forEach(id -> tenants.putIfAbsent(id.value(), new Placement.Pool()));
    tenants.forEach((id, placement) -> out.print(adopt(new TenantId(id), placement, tier)));
    out.flush();
    return 0;
  }

  private static Map<TenantId, Placement> read(String file, CommandOptions options) {
    try {
      var faults = new Faults();
      var placements = PlacementsFile.parse(Files.readAllBytes(Path.of(file)), faults);
      faults.lines().forEach(line -> options.fault(PLACEMENTS, line));
      return placements;
    } catch (IOException e) {
      options.fault(PLACEMENTS, "cannot be read: " + e.getMessage());
      return Map.of();
    }
  }

  /** A wrong placement would hide the data of the tenant. */
  private static void rejectDifferences(
      Map<TenantId, Placement> named, Map<String, Placement> former, CommandOptions options) {
    named.forEach((id, placement) -> {
      var recorded = former.getOrDefault(id.value(), placement);
      if (!recorded.equals(placement)) {
        options.fault(
            PLACEMENTS,
            "%s is in: %s, but the file says: %s"
                .formatted(id, recorded.description(), placement.description()));
      }
    });
  }

  /** Returns the line for a tenant. */
  private String adopt(TenantId id, Placement placement, String tier) {
    var now = TenantRoutes.now(clock);
    var tenant =
        new TenantRecord(
            id,
            id.value(),
            tier,
            TenantStatus.ACTIVE,
            placement,
            Overrides.NONE,
            Set.of(),
            now,
            now,
            1,
            1);
    return switch (registry.create(tenant, Optional.empty())) {
      case TenantRegistry.Creation.Created() ->
          "%s registered: %s, %s%n".formatted(id, tier, placement.description());
      case TenantRegistry.Creation.Exists(var known)
          when known.status() == TenantStatus.OFFBOARDED ->
          "%s was registered before, and is deleted%n".formatted(id);
      case TenantRegistry.Creation.Exists(var known) ->
          "%s was registered before: %s, %s%n"
              .formatted(id, known.tier(), known.placement().description());
      case TenantRegistry.Creation.Repeated(_), TenantRegistry.Creation.KeyReused() ->
          throw new IllegalStateException("the request has no idempotency key");
    };
  }
}
