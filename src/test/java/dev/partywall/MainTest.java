package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.CommandProcess.ProcessExit;
import dev.partywall.service.Offering;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the command line in a separate process. */
class MainTest {
  @TempDir Path folder;

  @Test
  void helpListsAllVariablesAndExitsWith0() throws Exception {
    var exit = run(Map.of(), "--help");
    assertEquals(0, exit.status());
    assertEquals("", exit.err());
    assertTrue(exit.out().startsWith("orders: a service for many tenants"), exit.out());
    for (var name : variablesInSettings()) {
      assertTrue(exit.out().contains(name), name);
    }
  }

  /** Returns every variable that the code reads, to detect variables missing in the help. */
  private static List<String> variablesInSettings() throws IOException {
    var all = new TreeSet<String>();
    try (var files = Files.list(Path.of("src/main/java/dev/partywall/runtime"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var names = Pattern.compile("\"(PARTYWALL_[A-Z_]+)\"").matcher(Files.readString(file));
        names.results().map(name -> name.group(1)).forEach(all::add);
      }
    }
    assertTrue(all.size() > 25, all.toString());
    return List.copyOf(all);
  }

  @Test
  void versionExitsWith0() throws Exception {
    var exit = run(Map.of(), "--version");
    assertEquals(0, exit.status());
    assertTrue(exit.out().startsWith("partywall "), exit.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "health",
        "adopt-tenants",
        "export-usage",
        "reconcile-usage",
        "verify-audit",
        "verify-receipt"
      })
  void everyCommandDescribesItself(String command) throws Exception {
    var exit = run(Map.of(), command, "--help");
    assertEquals(0, exit.status());
    assertEquals("", exit.err());
    assertTrue(exit.out().startsWith("java -jar JAR "), exit.out());
    assertTrue(exit.out().lines().findFirst().orElseThrow().contains(command), exit.out());
    assertTrue(exit.out().contains("\nExit codes:\n  0  "), exit.out());
  }

  @ParameterizedTest
  @CsvSource({
    "serv, serv",
    "serv --help, serv",
    "serv now, serv",
    "health now, now",
    "--version 1, 1"
  })
  void unknownArgumentsExitWith2(String arguments, String named) throws Exception {
    var exit = run(Map.of(), arguments.split(" "));
    assertEquals(new ProcessExit(2, "", "Unknown argument: " + named + " (see --help)\n"), exit);
  }

  /** A service whose declarations are invalid. */
  static final class TwoMeters {
    private TwoMeters() {}

    static void main(String[] args) {
      Partywall.run(
          args,
          kernel -> {
            kernel.meter("notesWritten");
            kernel.meter("notesWritten");
            return Offering.of("notes", List.of());
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "export-usage", "--help", "--version"})
  void anInvalidDeclarationIsReportedInOneLine(String command) throws Exception {
    var exit =
        CommandProcess.run(
            folder, TwoMeters.class, List.of(), with("AWS_REGION", "eu-central-1"), command);
    assertEquals(new ProcessExit(2, "", "The meter is declared twice: notesWritten\n"), exit);
  }

  /** The two commands need no declaration. */
  @Test
  void healthAndVerifyAuditDoNotCallTheCapabilities() throws Exception {
    assertEquals(
        1, CommandProcess.run(folder, TwoMeters.class, List.of(), Map.of(), "health").status());
    var log = Files.writeString(folder.resolve("log"), "").toString();
    var exit =
        CommandProcess.run(folder, TwoMeters.class, List.of(), Map.of(), "verify-audit", log);
    var reason = "The files contain no audit entry (\"logger\":\"audit\").\n";
    assertEquals(new ProcessExit(2, "0 entries in 0 chains, 0 faults\n", reason), exit);
  }

  @Test
  void anotherLogProviderIsReportedAndExitsWith2() throws Exception {
    var other = List.of("-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider");
    var exit = CommandProcess.run(folder, Main.class, other, with("AWS_REGION", "eu-central-1"));
    assertEquals(2, exit.status());
    assertEquals("", exit.out());
    var fault =
        "slf4j uses another provider, whose factory is org.slf4j.simple.SimpleLoggerFactory: remove"
            + " it from the class path, or create no logger before Partywall.run";
    assertEquals(fault, exit.err().lines().toList().getLast());
  }

  @Test
  void invalidConfigurationReportsAllFaultsAndExitsWith2() throws Exception {
    var exit = run(Map.of("PARTYWALL_PORT", "eighty", "PARTYWALL_DRAIN_SECONDS", "-1"));
    assertEquals(2, exit.status());
    assertEquals(
        List.of(
            "PARTYWALL_PORT",
            "PARTYWALL_ISSUERS",
            "PARTYWALL_AUDIENCE",
            "PARTYWALL_TENANT_ROLE_ARN",
            "PARTYWALL_DRAIN_SECONDS",
            "AWS_REGION"),
        names(exit));
  }

  @Test
  void unwritableJournalExitsWith2() throws Exception {
    var file = Files.writeString(folder.resolve("journal"), "not a directory");
    var exit = run(with("PARTYWALL_JOURNAL_DIR", file.toString()));
    assertEquals(2, exit.status());
    assertTrue(exit.err().startsWith("PARTYWALL_JOURNAL_DIR: "), exit.err());
    assertEquals(1, exit.err().lines().count(), exit.err());
  }

  @Test
  void occupiedPortIsNamedAndExitsWith1() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var exit = run(with("PARTYWALL_PORT", String.valueOf(taken.getLocalPort())));
      assertEquals(1, exit.status());
      assertTrue(exit.err().startsWith("PARTYWALL_PORT: "), exit.err());
    }
  }

  @Test
  void healthWithoutARunningServiceExitsWith1() throws Exception {
    int freePort;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }
    // The command requires no other variable.
    var exit = run(Map.of("PARTYWALL_MANAGEMENT_PORT", String.valueOf(freePort)), "health");
    assertEquals(1, exit.status());
    assertTrue(exit.err().startsWith("The service is unreachable: "), exit.err());
  }

  @Test
  void healthRejectsAnInvalidPort() throws Exception {
    var exit = run(Map.of("PARTYWALL_MANAGEMENT_PORT", "x"), "health");
    assertEquals(2, exit.status());
    assertTrue(exit.err().startsWith("PARTYWALL_MANAGEMENT_PORT: "), exit.err());
    assertEquals(1, exit.err().lines().count(), exit.err());
  }

  @Test
  void theUsageCommandsRequireOnlyTheirVariables() throws Exception {
    var export = run(Map.of(), "export-usage");
    assertEquals(2, export.status());
    assertEquals(List.of("--from", "--to", "AWS_REGION"), names(export));
    var endpoint = Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL_DYNAMODB", "dynamo");
    var invalid =
        run(
            endpoint,
            "export-usage",
            "--from",
            "2026-11-23T08:00:00Z",
            "--to",
            "2026-11-23T09:00:00Z");
    assertEquals(2, invalid.status(), invalid.err());
    assertEquals(List.of("AWS_ENDPOINT_URL_DYNAMODB"), names(invalid));
    var reconcile = run(Map.of(), "reconcile-usage");
    assertEquals(2, reconcile.status());
    assertEquals(List.of("AWS_REGION", "PARTYWALL_TENANT_ROLE_ARN"), names(reconcile));
  }

  @Test
  void theFaultsOfOptionsAreReportedTogetherWithThoseOfTheConfiguration() throws Exception {
    var reconcile = run(Map.of(), "reconcile-usage", "--tennant", "acme");
    assertEquals(2, reconcile.status());
    assertEquals(List.of("--tennant", "AWS_REGION", "PARTYWALL_TENANT_ROLE_ARN"), names(reconcile));
    assertTrue(
        reconcile
            .err()
            .startsWith("--tennant: is unknown; the options are --from, --tenant, --to\n"),
        reconcile.err());
    var adopt = run(Map.of(), "adopt-tenants", "--tier", "none", "--placements", "/nowhere/file");
    assertEquals(2, adopt.status());
    assertEquals(List.of("--tier", "--placements", "AWS_REGION"), names(adopt));
    var export = run(Map.of(), "export-usage", "--from", "now", "--until", "now");
    assertEquals(2, export.status());
    assertEquals(List.of("--until", "--from", "--to", "AWS_REGION"), names(export));
  }

  /** Tiers that are invalid cannot show whether an option names one of them. */
  @Test
  void anOptionIsNotComparedWithInvalidTiers() throws Exception {
    var variables = Map.of("PARTYWALL_TIERS", "/nowhere/tiers");
    var adopt = run(variables, "adopt-tenants", "--tier", "gold");
    assertEquals(2, adopt.status());
    assertEquals(List.of("PARTYWALL_TIERS", "AWS_REGION"), names(adopt));
  }

  @Test
  void aMissingRegionIsAFaultOfTheConfiguration() throws Exception {
    var exit = run(with("AWS_REGION", ""));
    assertEquals(2, exit.status());
    assertEquals(
        "AWS_REGION: is required: Unable to load region: neither the environment nor the AWS profile"
            + " nor the metadata of the instance or container contains one\n",
        exit.err());
  }

  @Test
  void missingCredentialsAreReportedInOnePlainLine() throws Exception {
    var variables = new HashMap<>(with("AWS_ENDPOINT_URL", "http://127.0.0.1:9"));
    variables.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
    var exit =
        run(
            variables,
            "export-usage",
            "--from",
            "2026-11-24T00:00:00Z",
            "--to",
            "2026-11-24T01:00:00Z");
    assertEquals(3, exit.status());
    assertEquals(
        "AWS is unreachable or rejected the call: Unable to load credentials: neither the"
            + " environment nor the AWS profile nor the metadata of the instance or container"
            + " contains one\n",
        exit.err());
  }

  private static List<String> names(ProcessExit exit) {
    return exit.err().lines().map(line -> line.substring(0, line.indexOf(':'))).toList();
  }

  /** Returns a valid configuration, except for the given variable. */
  private Map<String, String> with(String name, String value) {
    var variables = UnreachableAws.variables(folder);
    variables.put(name, value);
    return variables;
  }

  private ProcessExit run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    return CommandProcess.run(folder, Main.class, List.of(), variables, arguments);
  }
}
