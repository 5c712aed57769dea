package dev.partywall.runtime;

import dev.partywall.error.Faults;
import dev.partywall.identity.Issuer;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.isolation.RoleArn;
import dev.partywall.metering.billing.PriceList;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.service.Offering;
import dev.partywall.tenancy.TenantSelection.UnknownTenants;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.TiersFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The configuration, read only from the environment. The AWS SDK determines the part of its own
 * configuration (region, endpoints, credentials) that the environment does not contain.
 *
 * @param service the name of the service and of its table
 * @param managementHosts the host names under which the management port accepts requests
 * @param peers the base URL of each peer, without a slash at its end
 */
public record Settings(
    String service,
    ListenerSettings listener,
    ListenerSettings management,
    Set<String> managementHosts,
    TokenSettings tokens,
    StorageSettings storage,
    UnknownTenants unknownTenants,
    IsolationSettings isolation,
    UsageSettings usage,
    OffboardingSettings offboarding,
    Tiers tiers,
    Map<String, URI> peers,
    Duration drain,
    String logLevel,
    AwsSettings aws) {

  /** The address of a listener; port 0 selects a free port. */
  public record ListenerSettings(String host, int port) {}

  /**
   * The rules for accepted tokens and their claims.
   *
   * @param issuers the issuers of tenants' users and of operators
   */
  public record TokenSettings(
      List<Issuer> issuers,
      List<String> audiences,
      List<String> operatorAudiences,
      List<String> tenantClaims,
      List<String> tierClaims,
      Duration maxLifetime,
      Optional<String> tenantDomain) {}

  /**
   * The tables.
   *
   * @param pool the name of the table that tenants share
   * @param provisionerRole the role that creates tables; if absent, the service itself creates them
   */
  public record StorageSettings(
      String tablePrefix, boolean createTables, String pool, Optional<RoleArn> provisionerRole) {}

  /** Whether isolation layer 2, by credentials, is active, and the role that it assumes. */
  public record IsolationSettings(boolean byCredentials, Optional<RoleArn> tenantRole) {}

  /** The journal directory for usage, and the price list, if charges are reported. */
  public record UsageSettings(Path journal, Optional<PriceList> prices) {}

  /** Thrown if the configuration is invalid. The message has one line per fault. */
  public static final class InvalidSettingsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    InvalidSettingsException(List<String> faults) {
      super(String.join("\n", faults));
      this.faults = faults;
    }

    InvalidSettingsException(String fault, Throwable cause) {
      super(fault, cause);
      this.faults = fault.lines().toList();
    }

    /** Returns the faults, one line each, which starts with the variable. */
    public List<String> faults() {
      return faults;
    }
  }

  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warn", "error", "off");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern DOMAIN =
      Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");

  /**
   * Reads the variables.
   *
   * @param declarations the declared meters, which may have prices, the declared peers, and the
   *     name of the service if no variable names it
   * @throws InvalidSettingsException with all faults
   */
  public static Settings from(Map<String, String> variables, Declarations declarations)
      throws InvalidSettingsException {
    return read(variables, env -> all(env, declarations));
  }

  /**
   * Reads the variables that {@code reader} uses.
   *
   * @throws InvalidSettingsException with all faults that the reader has added
   */
  static <T> T read(Map<String, String> variables, Function<Environment, T> reader)
      throws InvalidSettingsException {
    var env = new Environment(variables);
    var settings = reader.apply(env);
    if (!env.faults().isEmpty()) {
      throw new InvalidSettingsException(env.faults().lines());
    }
    return settings;
  }

  private static Settings all(Environment env, Declarations declarations) {
    var service = service(env, declarations.firstName());
    var settings =
        new Settings(
            service,
            Listeners.ofService(env),
            Listeners.ofManagement(env),
            ManagementHosts.read(env),
            tokens(env),
            storage(env, service),
            unknownTenants(env),
            isolation(env),
            usage(env, declarations.meters()),
            OffboardingSettings.read(env),
            tiers(env, declarations.features()),
            PeerUrls.read(env, service, declarations.peers()),
            drain(env),
            logLevel(env),
            AwsSettings.from(env));
    AwsClients.requireRegion(env);
    Listeners.requireDistinct(env, settings.listener(), settings.management());
    return settings;
  }

  /** Returns the log level, or {@code info} if the variable is invalid. */
  static String logLevel(Environment env) {
    return env.oneOf("PARTYWALL_LOG_LEVEL", "info", LEVELS);
  }

  static Duration drain(Environment env) {
    return Duration.ofSeconds(env.number("PARTYWALL_DRAIN_SECONDS", 20, 0, 3_600));
  }

  private static TokenSettings tokens(Environment env) {
    var issuers = issuers(env);
    var audiences = env.requiredList("PARTYWALL_AUDIENCE", "the accepted audiences of tokens");
    return new TokenSettings(
        issuers,
        audiences,
        env.optional("PARTYWALL_OPERATOR_AUDIENCE").isEmpty()
            ? audiences
            : env.requiredList("PARTYWALL_OPERATOR_AUDIENCE", "the audiences of operators"),
        env.nonEmptyList("PARTYWALL_TENANT_CLAIM", "tenant_id,custom:tenant_id"),
        env.nonEmptyList("PARTYWALL_TIER_CLAIM", "tenant_tier,custom:tenant_tier"),
        Duration.ofSeconds(env.number("PARTYWALL_MAX_TOKEN_SECONDS", 86_400, 60, 31_536_000)),
        matching(env, "PARTYWALL_TENANT_DOMAIN", DOMAIN, "must be a domain in lower case"));
  }

  private static List<Issuer> issuers(Environment env) {
    var ofTenants = env.requiredList("PARTYWALL_ISSUERS", "the trusted OIDC issuers");
    var ofOperators = env.list("PARTYWALL_OPERATOR_ISSUERS", "");
    requireDisjoint(env, ofTenants, ofOperators);
    var issuers = new ArrayList<Issuer>();
    issuers.addAll(issuers(env, "PARTYWALL_ISSUERS", ofTenants, Callers.TENANT_USERS));
    issuers.addAll(issuers(env, "PARTYWALL_OPERATOR_ISSUERS", ofOperators, Callers.OPERATORS));
    return issuers;
  }

  private static void requireDisjoint(
      Environment env, List<String> ofTenants, List<String> ofOperators) {
    ofOperators.stream()
        .filter(ofTenants::contains)
        .forEach(issuer ->
            env.fault(
                "PARTYWALL_OPERATOR_ISSUERS",
                "must not contain an issuer of PARTYWALL_ISSUERS: " + issuer));
  }

  private static List<Issuer> issuers(
      Environment env, String name, List<String> issuers, Callers callers) {
    return env.parsed(name, issuers, issuer -> new Issuer(issuer, callers));
  }

  static String service(Environment env, String defaultService) {
    var service = env.text("PARTYWALL_SERVICE", defaultService);
    if (!Offering.isName(service)) {
      env.fault(
          "PARTYWALL_SERVICE",
          "must be 1 to 32 characters of a-z, 0-9 and -, start with a letter, and be neither"
              + " tenants nor usage");
    }
    return service;
  }

  static String tablePrefix(Environment env) {
    return matching(
            env,
            "PARTYWALL_TABLE_PREFIX",
            PREFIX,
            "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -")
        .orElse("partywall-");
  }

  private static StorageSettings storage(Environment env, String service) {
    if (env.optional("PARTYWALL_PLACEMENTS").isPresent()) {
      env.fault(
          "PARTYWALL_PLACEMENTS",
          "is no longer read: the registry contains the placements; register the tenants of this"
              + " file with the command adopt-tenants --placements FILE, then unset the variable");
    }
    var prefix = tablePrefix(env);
    return new StorageSettings(
        prefix,
        env.flag("PARTYWALL_CREATE_TABLES"),
        prefix + service,
        env.role("PARTYWALL_PROVISIONER_ROLE_ARN"));
  }

  private static UnknownTenants unknownTenants(Environment env) {
    var value = env.oneOf("PARTYWALL_UNKNOWN_TENANTS", "refuse", Set.of("refuse", "allow"));
    return value.equals("allow") ? UnknownTenants.ALLOW : UnknownTenants.REFUSE;
  }

  static IsolationSettings isolation(Environment env) {
    var mode =
        env.oneOf("PARTYWALL_ISOLATION", "credentials", Set.of("credentials", "application"));
    var byCredentials = mode.equals("credentials");
    if (byCredentials && env.optional("PARTYWALL_TENANT_ROLE_ARN").isEmpty()) {
      env.fault(
          "PARTYWALL_TENANT_ROLE_ARN",
          "is required: the role to assume for tenants (or set PARTYWALL_ISOLATION=application)");
    }
    return new IsolationSettings(byCredentials, env.role("PARTYWALL_TENANT_ROLE_ARN"));
  }

  private static UsageSettings usage(Environment env, ServiceMeters meters) {
    return new UsageSettings(
        env.folder("PARTYWALL_JOURNAL_DIR", "partywall-journal"),
        env.file("PARTYWALL_PRICES").flatMap(file -> prices(env, file, meters)));
  }

  private static Optional<PriceList> prices(Environment env, byte[] file, ServiceMeters meters) {
    var faults = new Faults();
    var prices = PriceList.parse(file, meters, faults);
    faults.lines().forEach(fault -> env.fault("PARTYWALL_PRICES", fault));
    return Optional.of(prices);
  }

  static Tiers tiers(Environment env, Set<String> features) {
    return env.file("PARTYWALL_TIERS")
        .map(file -> tiers(env, file, features))
        .orElse(Tiers.BUILT_IN);
  }

  static Tiers tiers(Environment env, byte[] file, Set<String> features) {
    var faults = new Faults();
    var tiers = TiersFile.parse(file, features, faults);
    env.faults().addAll("PARTYWALL_TIERS", faults);
    return tiers;
  }

  private static Optional<String> matching(
      Environment env, String name, Pattern form, String rule) {
    var value = env.optional(name);
    if (value.isPresent() && !form.matcher(value.get()).matches()) {
      env.fault(name, rule);
      return Optional.empty();
    }
    return value;
  }
}
