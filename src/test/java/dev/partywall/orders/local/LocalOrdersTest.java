package dev.partywall.orders.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import dev.partywall.ClassPathJar;
import dev.partywall.Main;
import dev.partywall.local.ServiceProcess;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The local stack with the sample orders, as a separate process. */
class LocalOrdersTest {
  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void servesTheSampleOrdersAndWritesTheVariables() throws Exception {
    ClassPathJar.create(folder.resolve("partywall.jar"), Main.class);
    var stack = start();
    try {
      var service = serviceUrl(stack.inputReader());
      var variables = variables();
      var issuer = variables.get("PARTYWALL_ISSUERS");
      assertEquals(issuer + "/operators", variables.get("PARTYWALL_OPERATOR_ISSUERS"));
      assertEquals("orders", variables.get("PARTYWALL_SERVICE"));
      assertEquals("partywall-", variables.get("PARTYWALL_TABLE_PREFIX"));
      for (var tenant : List.of("acme", "globex", "initech")) {
        var token = get(issuer + "/token?tenant=%s&user=u&scope=orders:read".formatted(tenant), "");
        assertEquals("RS256", SignedJWT.parse(token.body()).getHeader().getAlgorithm().getName());
        var orders = get(service + "/orders?limit=100", token.body());
        assertEquals(200, orders.statusCode(), orders::body);
        assertEquals(30, Pattern.compile("\"currency\"").matcher(orders.body()).results().count());
      }
      var operator = get(issuer + "/operators/token?user=olga&scope=tenants:read", "").body();
      var rejection = get(service + "/orders", operator);
      assertEquals(403, rejection.statusCode());
      assertTrue(rejection.body().contains("not-a-tenant"), rejection::body);
    } finally {
      stack.destroy();
      stack.waitFor();
    }
  }

  private Process start() throws Exception {
    var builder =
        new ProcessBuilder(
            ServiceProcess.javaExecutable(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            ClassPathJar.classPath(),
            LocalOrders.class.getName(),
            folder.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("PARTYWALL_"));
    for (var port : List.of("PORT", "MANAGEMENT_PORT", "LOCAL_ISSUER_PORT", "LOCAL_AWS_PORT")) {
      builder.environment().put("PARTYWALL_" + port, "0");
    }
    return builder.redirectErrorStream(true).start();
  }

  /** Waits for the instructions, and returns the URL in them. */
  private static String serviceUrl(BufferedReader output) throws Exception {
    var form = Pattern.compile("\"(http://[0-9.:]+)/orders\\?limit=2\"");
    var read = new StringBuilder();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      read.append(line).append('\n');
      var url = form.matcher(line);
      if (url.find()) {
        Thread.startVirtualThread(() -> output.lines().forEach(_ -> {}));
        return url.group(1);
      }
    }
    throw new AssertionError(read);
  }

  private Map<String, String> variables() throws Exception {
    var variables = new TreeMap<String, String>();
    for (var line : Files.readAllLines(folder.resolve("local.env"))) {
      variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    return variables;
  }

  private HttpResponse<String> get(String url, String token) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).build();
    return http.send(request, BodyHandlers.ofString());
  }
}
