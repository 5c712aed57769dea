package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.partywall.orders.local.LocalOrders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instructions as a user's shell runs them, in a project folder with special characters. */
class StartupInstructionsTest {
  @TempDir Path folder;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Path target;

  /** Starts a server in place of the issuer, the service and AWS. It records each request. */
  @BeforeEach
  void start() throws Exception {
    assumeTrue(run("curl --help all").contains("--aws-sigv4"), "curl 7.75 or later is required");
    target = Files.createDirectories(folder.resolve("my code (1) [x]/target"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + headers.getFirst("Authorization")
                  + " "
                  + headers.getFirst("X-Amz-Target")
                  + " "
                  + body);
          var query = String.valueOf(exchange.getRequestURI().getQuery());
          LocalOidcIssuer.send(exchange, 200, "text/plain", answer(query));
          exchange.close();
        });
    server.start();
  }

  private static String answer(String query) {
    return query.startsWith("tenant=")
        ? "token-of-" + query.substring("tenant=".length(), query.indexOf('&'))
        : "{\"orders\":[{\"id\":\"01A\",\"items\":[{\"sku\":\"A-1\"}]}],\"next\":\"x\"}";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theNeighbourRequestsTheFirstTenantsOrder() throws Exception {
    run(commands("The service orders is ready", "Break in"));
    assertTrue(
        requests.contains("GET /orders/01A Bearer token-of-globex null "), requests::toString);
  }

  @Test
  void theBreakInCallsTheLocalAwsWithTheServicesCredentials() throws Exception {
    Files.writeString(
        target.resolve("local.env"),
        "AWS_REGION=eu-central-1\nAWS_ACCESS_KEY_ID=ASIALOCAL\nAWS_SECRET_ACCESS_KEY=s\nAWS_SESSION_TOKEN=t\n");
    run(commands("Break in", "Service health"));
    var request = requests.getLast();
    assertTrue(request.startsWith("POST / AWS4-HMAC-SHA256 Credential=ASIALOCAL/"), request);
    assertTrue(request.contains("/eu-central-1/dynamodb/aws4_request"), request);
    assertTrue(
        request.contains(" DynamoDB_20120810.Query {\"TableName\":\"pre-orders\","), request);
    assertEquals(1, requests.size());
  }

  @Test
  void theSecondInstanceStartsInTheProjectFolder() throws Exception {
    Files.writeString(target.resolve("local.env"), "JDK_JAVA_OPTIONS=-Dfrom.local.env=true\n");
    // The JVM prints this variable if it receives it, and the path of a missing jar.
    var output = run(commands("A second instance", "Ctrl-C"));
    assertTrue(output.contains("JDK_JAVA_OPTIONS: -Dfrom.local.env=true"), output);
    assertTrue(output.contains("Unable to access jarfile target/partywall.jar"), output);
  }

  @Test
  void aServiceWithoutSamplesHasATokenOfItsScopes() throws Exception {
    var service = new LocalService("notes", target, List.of("-cp", "a b", "Notes"));
    var ports = new LocalPorts(1, 2, 3, 4);
    var variables = Map.of("PARTYWALL_ISSUERS", "http://i", "PARTYWALL_TABLE_PREFIX", "p-");
    var text = StartupInstructions.of(service, SampleData.NONE, ports, variables);
    assertTrue(
        text.contains(
            """
            The service notes is ready. Try these commands in another terminal:

              TOKEN=$(curl -s "http://i/token?tenant=acme&user=alice&scope=notes:read%20notes:write%20usage:read")
              curl -s -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:1/usage?granularity=day"
            """),
        text);
    assertTrue(text.contains("\"TableName\":\"p-notes\""), text);
    assertTrue(text.contains("/bin/java -cp 'a b' Notes)\n"), text);
  }

  private String commands(String after, String before) {
    var port = server.getAddress().getPort();
    var url = "http://127.0.0.1:" + port;
    var variables =
        Map.of(
            "PARTYWALL_ISSUERS", url,
            "AWS_ENDPOINT_URL_DYNAMODB", url,
            "PARTYWALL_TABLE_PREFIX", "pre-");
    var text =
        StartupInstructions.of(
            LocalService.ofJar("orders", target, "partywall.jar"),
            new LocalOrders(),
            new LocalPorts(port, port, port, port),
            variables);
    var part = text.substring(text.indexOf(after), text.indexOf(before));
    // Commands are indented, sentences are not.
    return part.lines().filter(line -> line.startsWith(" ")).reduce("", (a, b) -> a + b + "\n");
  }

  private static String run(String commands) throws IOException {
    var shell = new ProcessBuilder("sh", "-c", commands).redirectErrorStream(true).start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
