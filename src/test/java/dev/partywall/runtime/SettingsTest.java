package dev.partywall.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.identity.Issuer;
import dev.partywall.identity.Issuer.Callers;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Offering;
import dev.partywall.tenancy.Tiers;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Isolated("sets a system property")
class SettingsTest {
  private static final Declarations DECLARATIONS = ServiceFixture.declare(List.of(OrderRoutes::of));
  private static final Map<String, String> REQUIRED =
      Map.of(
          "PARTYWALL_ISSUERS", "https://issuer.example.com/pool",
          "PARTYWALL_AUDIENCE", "orders",
          "PARTYWALL_TENANT_ROLE_ARN", "arn:aws:iam::123456789012:role/partywall-tenant");

  private @Nullable String regionBefore;

  /** The settings require a region, which the SDK would otherwise look up in the network. */
  @BeforeEach
  void setRegion() {
    regionBefore = System.setProperty("aws.region", "eu-central-1");
  }

  @AfterEach
  void restoreRegion() {
    if (regionBefore == null) {
      System.clearProperty("aws.region");
    } else {
      System.setProperty("aws.region", regionBefore);
    }
  }

  @Test
  void defaultsMatchTheReadme() throws Settings.InvalidSettingsException {
    var settings = Settings.from(REQUIRED, DECLARATIONS);
    assertEquals(new Settings.ListenerSettings("0.0.0.0", 8080), settings.listener());
    assertEquals(new Settings.ListenerSettings("127.0.0.1", 9090), settings.management());
    assertEquals(List.of("tenant_id", "custom:tenant_id"), settings.tokens().tenantClaims());
    assertEquals(List.of("tenant_tier", "custom:tenant_tier"), settings.tokens().tierClaims());
    assertEquals(Duration.ofDays(1), settings.tokens().maxLifetime());
    assertEquals(Optional.empty(), settings.tokens().tenantDomain());
    assertEquals(
        List.of(new Issuer("https://issuer.example.com/pool", Callers.TENANT_USERS)),
        settings.tokens().issuers());
    assertEquals(List.of("orders"), settings.tokens().operatorAudiences());
    assertEquals("partywall-", settings.storage().tablePrefix());
    assertFalse(settings.storage().createTables());
    assertEquals(Optional.empty(), settings.storage().provisionerRole());
    assertEquals(Set.of(), settings.managementHosts());
    assertTrue(settings.isolation().byCredentials());
    assertEquals(Tiers.BUILT_IN, settings.tiers());
    assertEquals(Duration.ofSeconds(20), settings.drain());
    assertEquals("info", settings.logLevel());
  }

  @Test
  void reportsAllFaultsTogetherWithTheirVariables() {
    var faults =
        faults(
            Map.of(
                "PARTYWALL_SERVICE", "Orders",
                "PARTYWALL_PORT", "http",
                "PARTYWALL_MANAGEMENT_PORT", "65536",
                "PARTYWALL_ISSUERS", "http://issuer.example.com",
                "PARTYWALL_CREATE_TABLES", "yes",
                "PARTYWALL_ISOLATION", "hope",
                "PARTYWALL_LOG_LEVEL", "loud"));
    var names = faults.stream().map(fault -> fault.substring(0, fault.indexOf(':'))).toList();
    assertEquals(
        List.of(
            "PARTYWALL_SERVICE",
            "PARTYWALL_PORT",
            "PARTYWALL_MANAGEMENT_PORT",
            "PARTYWALL_ISSUERS",
            "PARTYWALL_AUDIENCE",
            "PARTYWALL_CREATE_TABLES",
            "PARTYWALL_ISOLATION",
            "PARTYWALL_TENANT_ROLE_ARN",
            "PARTYWALL_LOG_LEVEL"),
        names);
  }

  @ParameterizedTest
  @CsvSource({
    "PARTYWALL_SERVICE, Notes",
    "PARTYWALL_SERVICE, 1notes",
    "PARTYWALL_SERVICE, my_notes",
    "PARTYWALL_SERVICE, abcdefghijklmnopqrstuvwxyzabcdefg",
    "PARTYWALL_SERVICE, tenants",
    "PARTYWALL_SERVICE, usage",
    "PARTYWALL_HOST, [::1",
    "PARTYWALL_MANAGEMENT_HOST, [",
    "PARTYWALL_PORT, -1",
    "PARTYWALL_PORT, 99999999999",
    "PARTYWALL_MANAGEMENT_PORT, 8080",
    "PARTYWALL_MAX_TOKEN_SECONDS, 0",
    "PARTYWALL_DRAIN_SECONDS, soon",
    "PARTYWALL_TENANT_DOMAIN, .example.com",
    "PARTYWALL_TENANT_DOMAIN, Orders.Example.com",
    "PARTYWALL_TABLE_PREFIX, my/tables",
    "PARTYWALL_TENANT_ROLE_ARN, partywall-tenant",
    "PARTYWALL_TENANT_ROLE_ARN, arn:foo:iam::123456789012:role/partywall-tenant",
    "PARTYWALL_PROVISIONER_ROLE_ARN, partywall-provisioner",
    "PARTYWALL_MANAGEMENT_HOSTS, http://metrics.example.com",
    "PARTYWALL_MANAGEMENT_HOSTS, metrics.example.com:9090",
    "PARTYWALL_MANAGEMENT_HOSTS, '*.example.com'",
    "PARTYWALL_ISSUERS, ftp://issuer.example.com",
    "PARTYWALL_ISSUERS, https://issuer.example.com?x=1",
    "PARTYWALL_ISSUERS, https://user@issuer.example.com",
    "PARTYWALL_ISSUERS, issuer.example.com",
    "PARTYWALL_OPERATOR_ISSUERS, http://ops.example.com",
    "PARTYWALL_OPERATOR_ISSUERS, https://ops.example.com#x",
    "PARTYWALL_OPERATOR_ISSUERS, ops.example.com",
    "PARTYWALL_OPERATOR_AUDIENCE, ','",
  })
  void rejectsInvalidValues(String name, String value) {
    var variables = new HashMap<>(REQUIRED);
    variables.put(name, value);
    var faults = faults(variables);
    assertEquals(1, faults.size(), faults.toString());
    assertTrue(faults.getFirst().startsWith(name + ":"), faults.toString());
    // The encoding of a container's standard error is often ASCII.
    assertTrue(US_ASCII.newEncoder().canEncode(faults.getFirst()), faults.toString());
  }

  /** The command health requests the name that the port listens on. */
  @Test
  void theManagementPortAcceptsItsConfiguredHosts() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_MANAGEMENT_HOST", "localhost");
    variables.put("PARTYWALL_MANAGEMENT_HOSTS", "metrics.example.com, partywall.");
    assertEquals(
        Set.of("localhost", "metrics.example.com", "partywall."),
        Settings.from(variables, DECLARATIONS).managementHosts());
  }

  @Test
  void theVariableReplacesTheDeclaredNameOfTheService() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_TABLE_PREFIX", "test-");
    var notes = ServiceFixture.declare(List.of(_ -> Offering.of("notes", List.of())));
    var declared = Settings.from(variables, notes);
    assertEquals("notes", declared.service());
    assertEquals("test-notes", declared.storage().pool());
    variables.put("PARTYWALL_SERVICE", "abcdefghijklmnopqrstuvwxyz-01234");
    var renamed = Settings.from(variables, notes);
    assertEquals("abcdefghijklmnopqrstuvwxyz-01234", renamed.service());
    assertEquals("test-abcdefghijklmnopqrstuvwxyz-01234", renamed.storage().pool());
  }

  @ParameterizedTest
  @CsvSource({"INFO, info", "Debug, debug", "off, off"})
  void theCaseOfTheLogLevelIsIrrelevant(String value, String level)
      throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_LOG_LEVEL", value);
    assertEquals(level, Settings.from(variables, DECLARATIONS).logLevel());
  }

  @Test
  void acceptsHttpOnLoopback() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_ISSUERS", "http://127.0.0.1:9000, http://localhost:9000");
    assertEquals(
        List.of(
            new Issuer("http://127.0.0.1:9000", Callers.TENANT_USERS),
            new Issuer("http://localhost:9000", Callers.TENANT_USERS)),
        Settings.from(variables, DECLARATIONS).tokens().issuers());
  }

  @Test
  void readsTheIssuersAndTheAudienceOfOperators() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_OPERATOR_ISSUERS", "https://ops.example.com, http://[::1]:9000/ops");
    assertEquals(
        List.of("orders"), Settings.from(variables, DECLARATIONS).tokens().operatorAudiences());
    variables.put("PARTYWALL_OPERATOR_AUDIENCE", "admin,console");
    var tokens = Settings.from(variables, DECLARATIONS).tokens();
    assertEquals(
        List.of(
            new Issuer("https://issuer.example.com/pool", Callers.TENANT_USERS),
            new Issuer("https://ops.example.com", Callers.OPERATORS),
            new Issuer("http://[::1]:9000/ops", Callers.OPERATORS)),
        tokens.issuers());
    assertEquals(List.of("orders"), tokens.audiences());
    assertEquals(List.of("admin", "console"), tokens.operatorAudiences());
  }

  @Test
  void rejectsAnIssuerOfBothTenantsAndOperators() {
    var variables = new HashMap<>(REQUIRED);
    variables.put(
        "PARTYWALL_OPERATOR_ISSUERS", "https://ops.example.com,https://issuer.example.com/pool");
    assertEquals(
        List.of(
            "PARTYWALL_OPERATOR_ISSUERS: must not contain an issuer of PARTYWALL_ISSUERS: "
                + "https://issuer.example.com/pool"),
        faults(variables));
  }

  @Test
  void readsTheUrlsOfPeers() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    assertEquals(Map.of(), Settings.from(variables, DECLARATIONS).peers());
    variables.put(
        "PARTYWALL_PEERS",
        "stock=https://stock.example.com/v1/ , tax-eu=http://127.0.0.1:1,a=https://a.com/p=q");
    assertEquals(
        Map.of(
            "stock", URI.create("https://stock.example.com/v1"),
            "tax-eu", URI.create("http://127.0.0.1:1"),
            "a", URI.create("https://a.com/p=q")),
        Settings.from(variables, DECLARATIONS).peers());
  }

  @ParameterizedTest
  @CsvSource({
    "stock, must be name=URL with the name of a service: stock",
    "https://stock.com, must be name=URL with the name of a service: https://stock.com",
    "Stock=https://stock.com, must be name=URL with the name of a service: Stock=https://stock.com",
    "usage=https://stock.com, must be name=URL with the name of a service: usage=https://stock.com",
    "stock=http://stock.com, must be https (or http on loopback): http://stock.com",
    "stock=, 'must be https (or http on loopback): '",
    "stock=https://u@s.com, 'must not contain a query, fragment or user: https://u@s.com'",
    "stock=https://s.com?a=b, 'must not contain a query, fragment or user: https://s.com?a=b'",
    "'stock=https://a.com,stock=https://a.com', must not name a service twice: stock",
  })
  void rejectsInvalidPeers(String value, String rule) {
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_PEERS", value);
    assertEquals(List.of("PARTYWALL_PEERS: " + rule), faults(variables));
  }

  @Test
  void reportsEachMissingPeerTogetherWithOtherFaults() {
    var declarations =
        ServiceFixture.declare(
            List.of(kernel -> {
              var _ = List.of(kernel.service("tax"), kernel.service("orders"));
              return Offering.of("notes", List.of());
            }));
    var variables = new HashMap<>(REQUIRED);
    variables.put("PARTYWALL_PORT", "x");
    variables.put("PARTYWALL_PEERS", "stock=https://stock.com");
    var faults =
        assertThrows(
                Settings.InvalidSettingsException.class,
                () -> Settings.from(variables, declarations))
            .faults();
    assertEquals(
        List.of(
            "PARTYWALL_PORT: must be an integer from 0 to 65535",
            "PARTYWALL_PEERS: must name the service orders, which notes calls",
            "PARTYWALL_PEERS: must name the service tax, which notes calls"),
        faults);
  }

  @Test
  void requiresNoRoleWithApplicationIsolation() throws Settings.InvalidSettingsException {
    var variables = new HashMap<>(REQUIRED);
    variables.remove("PARTYWALL_TENANT_ROLE_ARN");
    variables.put("PARTYWALL_ISOLATION", "application");
    assertEquals(
        new Settings.IsolationSettings(false, Optional.empty()),
        Settings.from(variables, DECLARATIONS).isolation());
  }

  private static List<String> faults(Map<String, String> variables) {
    return assertThrows(
            Settings.InvalidSettingsException.class, () -> Settings.from(variables, DECLARATIONS))
        .faults();
  }
}
