package dev.partywall.runtime;

import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.local.TemporaryFolder;
import dev.partywall.operations.receipt.ReceiptFixture;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** Instances of the service with one registry and an issuer of operators, in this process. */
final class ServicesWithOperators implements AutoCloseable {
  private static final String ADMIN = "tenants:read tenants:admin";

  final ServiceFixture fixture;
  private final LocalOidcIssuer operators;
  private final List<Service> services = new ArrayList<>();
  private final Path receiptKey = TemporaryFolder.create("receipt").resolve("key.jwk");

  ServicesWithOperators(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo);
    operators = fixture.issuer.operators("/operators");
    Files.writeString(receiptKey, ReceiptFixture.KEY);
  }

  /** Starts this number of instances at the same time, and waits until they are ready. */
  ServicesWithOperators start(int count) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starts = Collections.<Callable<Service>>nCopies(count, this::startOne);
      for (var started : threads.invokeAll(starts)) {
        services.add(started.get());
      }
    }
    return this;
  }

  /** Starts an instance with this monotonic clock ({@link Service.Replaceable#nanoTime}). */
  ServicesWithOperators start(LongSupplier nanoTime) throws Exception {
    var limits = Service.Replaceable.production().limits();
    services.add(startOne(new Service.Replaceable(InstantSource.system(), nanoTime, limits)));
    return this;
  }

  /** Starts an instance with this clock. */
  ServicesWithOperators startWith(InstantSource clock) throws Exception {
    var limits = Service.Replaceable.production().limits();
    services.add(startOne(new Service.Replaceable(clock, System::nanoTime, limits)));
    return this;
  }

  private Service startOne() throws Exception {
    return startOne(Service.Replaceable.production());
  }

  private Service startOne(Service.Replaceable parts) throws Exception {
    var capabilities = List.<Capability>of(OrderRoutes::of);
    var settings = Settings.from(environment(), ServiceFixture.declare(capabilities));
    return InProcessService.awaitReady(ServiceFixture.start(settings, capabilities, parts));
  }

  /** Returns the environment variables of one more instance. */
  Map<String, String> environment() {
    var environment = new HashMap<>(fixture.environment());
    environment.remove("PARTYWALL_UNKNOWN_TENANTS");
    environment.put("PARTYWALL_OPERATOR_ISSUERS", operators.name());
    environment.put("PARTYWALL_RECEIPT_KEY", receiptKey.toString());
    environment.put(
        "PARTYWALL_PROVISIONER_ROLE_ARN", fixture.aws.template().arn("ProvisionerRole"));
    environment.merge("PARTYWALL_JOURNAL_DIR", "-" + UUID.randomUUID(), String::concat);
    return environment;
  }

  List<Integer> ports() {
    return services.stream().map(Service::port).toList();
  }

  int managementPort(int instance) {
    return services.get(instance).managementPort();
  }

  /** Returns the metrics of an instance. */
  String metrics(int instance) throws IOException {
    return management(instance, "/metrics");
  }

  /** Returns a document of the management port of an instance. */
  String management(int instance, String path) throws IOException {
    var request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    try (var client = new RawClient(services.get(instance).managementPort())) {
      return client.send(request.getBytes(StandardCharsets.ISO_8859_1)).read().text();
    }
  }

  /** Returns a new token of an operator with all scopes. */
  String operator() {
    return operators.operatorToken("olga", ADMIN).signedBy(operators.key());
  }

  /** Sends a request on an open connection, and returns the response. */
  static RawResponse send(
      RawClient client,
      String method,
      String path,
      String token,
      String body,
      String... headerLines)
      throws IOException {
    var head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            .formatted(method, path, token);
    var fields = new StringBuilder();
    for (var line : headerLines) {
      fields.append(line).append("\r\n");
    }
    if (!body.isEmpty()) {
      fields.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    var message = head + fields + "\r\n" + body;
    return client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read();
  }

  @Override
  public void close() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      services.forEach(service -> threads.execute(service::drain));
    }
    fixture.close();
  }
}
