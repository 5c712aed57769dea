package dev.partywall.testkit;

import dev.partywall.service.Capability;
import dev.partywall.service.Kernel;
import dev.partywall.testkit.RunningService.FromJar;
import dev.partywall.testkit.RunningService.InThisProcess;
import dev.partywall.testkit.RunningService.Starter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service under test, with its real wiring, behind real HTTP, against the enforcing local stack:
 *
 * <pre>{@code
 * class NotesTest {
 *   @RegisterExtension static final TestService service = TestService.of(NoteRoutes::of);
 *
 *   @Test
 *   void readsANote() {
 *     var alice = service.as("acme", "alice", "notes:read notes:write");
 *     var note = alice.post("/notes", "{\"text\":\"call the mason\"}");
 *     assertEquals(200, alice.get(note.header("Location").orElseThrow()).status());
 *   }
 * }
 * }</pre>
 *
 * <p>The field must be static. DynamoDB Local and the issuers start once per test run. Each service
 * has tables of its own, and an AWS account with the roles of the CloudFormation template. A
 * service starts before the first test class that registers it, and ends with the test run. Several
 * classes can register the same object; then they share one service and its data.
 *
 * <p>Every method except {@code with} throws {@link IllegalStateException} before the start.
 */
public final class TestService implements BeforeAllCallback {
  private final Starter starter;
  private final Map<String, String> variables = new HashMap<>();
  private @Nullable Started started;

  private TestService(Starter starter) {
    this.starter = starter;
  }

  /** Returns a service that runs in this process. */
  public static TestService of(Capability... capabilities) {
    return new TestService(new InThisProcess(List.of(capabilities)));
  }

  /**
   * Returns a service that runs as a separate process, as it is shipped.
   *
   * @param jar the fat jar
   * @param name the name of the service
   */
  public static TestService ofJar(Path jar, String name) {
    return new TestService(new FromJar(jar, name));
  }

  /** Sets an environment variable of the service, and returns this object. */
  public TestService with(String variable, String value) {
    if (started != null) {
      throw new IllegalStateException("The service has already started");
    }
    variables.put(variable, value);
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var stack = SharedStack.in(context);
    started =
        context
            .getRoot()
            .getStore(SharedStack.NAMESPACE)
            .computeIfAbsent(this, _ -> start(stack), Started.class);
  }

  private Started start(SharedStack stack) {
    var service = RunningService.start(starter, stack, Map.copyOf(variables));
    return new Started(stack, service, HttpClient.newHttpClient());
  }

  private Started started() {
    var running = started;
    if (running == null) {
      throw new IllegalStateException(
          "The service has not started. Register it in a static field with @RegisterExtension");
    }
    return running;
  }

  /** Returns a client with a token of a tenant's user; the scopes are separated by spaces. */
  public TestClient as(String tenant, String user, String scopes) {
    return client(Optional.of(token(tenant, user, scopes)));
  }

  /** Returns a client with an operator's token; the scopes are separated by spaces. */
  public TestClient asOperator(String user, String scopes) {
    return client(Optional.of(operatorToken(user, scopes)));
  }

  /** Returns a client that sends any token. */
  public TestClient withToken(String token) {
    return client(Optional.of(token));
  }

  /** Returns a client without a token. */
  public TestClient withoutToken() {
    return client(Optional.empty());
  }

  private TestClient client(Optional<String> token) {
    return new TestClient(started().http(), uri(), token);
  }

  /** Returns a token of a tenant's user, valid for an hour. */
  public String token(String tenant, String user, String scopes) {
    var issuer = started().stack().issuer();
    return issuer.token(tenant, user, scopes).signedBy(issuer.key());
  }

  /** Returns a token of an operator, valid for an hour. */
  public String operatorToken(String user, String scopes) {
    var issuer = started().stack().operators();
    return issuer.operatorToken(user, scopes).signedBy(issuer.key());
  }

  /**
   * Returns a new check that a second tenant gets no byte of a first tenant's data.
   *
   * @param scopes the scopes of both tenants' users, separated by spaces
   */
  public IsolationCheck isolation(String scopes) {
    return IsolationCheck.of(this, scopes);
  }

  /** Returns the URL of the service. */
  public URI uri() {
    return local(started().service().port());
  }

  /** Returns the URL of the management port. */
  public URI managementUri() {
    return local(started().service().managementPort());
  }

  private static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Returns the kernel of the service, for tests of business code without HTTP. Its table works
   * only for the tenant that {@link BoundTenant} binds.
   *
   * @throws IllegalStateException if the service runs in a separate process
   */
  public Kernel kernel() {
    return started()
        .service()
        .kernel()
        .orElseThrow(() -> new IllegalStateException("The service runs in a separate process"));
  }

  /** The running service. */
  private record Started(SharedStack stack, RunningService service, HttpClient http)
      implements AutoCloseable {
    @Override
    public void close() {
      http.close();
      stack.stop(service);
    }
  }
}
