package dev.partywall.local.aws;

import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.server.ServerProperties;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.dynamo.DynamoDbEndpoint;
import dev.partywall.local.aws.dynamo.DynamoFaultMode;
import dev.partywall.local.aws.dynamo.EngineClient;
import dev.partywall.local.aws.iam.AuthorizationGate;
import dev.partywall.local.aws.iam.AwsCallRecorder;
import dev.partywall.local.aws.iam.CredentialStore;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.local.aws.sigv4.SignatureVerifier;
import dev.partywall.local.aws.sts.AwsAccount;
import dev.partywall.local.aws.sts.StsEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * STS and DynamoDB on one loopback address, with IAM enforcement. It verifies the signature of
 * every request and evaluates its caller's policies before DynamoDB Local receives it. Unknown
 * callers and unsupported requests are rejected.
 */
public final class LocalAws implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor;
  private final EngineClient engine;
  private final AwsConfig config;
  private final AwsAccount account;
  private final CredentialStore keyring;
  private final AwsCallRecorder recorder = new AwsCallRecorder();
  private final FaultInjection stsFaults = new FaultInjection();
  private final FaultInjection dynamoFaults = new FaultInjection();
  private final DynamoFaultMode dynamoFaultMode = new DynamoFaultMode();

  private LocalAws(AwsConfig config, LocalDynamo dynamo) throws IOException {
    this.config = config;
    this.keyring = new CredentialStore(config.random());
    this.account = new AwsAccount(config.account(), config.users(), config.roles(), keyring);
    this.engine = new EngineClient(dynamo.endpoint(), dynamo.accessKeyId(), config.region());
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    ServerProperties.install();
    this.server = HttpServer.create(address(config.port()), 0);
    server.setExecutor(executor);
    server.createContext("/", frontend());
    server.start();
  }

  /**
   * Starts a local AWS in front of an engine.
   *
   * @throws IOException if the port is in use
   */
  public static LocalAws start(AwsConfig config, LocalDynamo dynamo) throws IOException {
    return new LocalAws(config, dynamo);
  }

  /** Returns the URL of both services: the value of {@code AWS_ENDPOINT_URL}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns the recorder of its calls. */
  public AwsCallRecorder recorder() {
    return recorder;
  }

  /** Returns the fault injection of STS. */
  public FaultInjection stsFaults() {
    return stsFaults;
  }

  /** Returns the fault injection of DynamoDB. */
  public FaultInjection dynamoFaults() {
    return dynamoFaults;
  }

  /** Returns the fault mode of DynamoDB: conflicts, throttling and delayed indexes. */
  public DynamoFaultMode dynamoFaultMode() {
    return dynamoFaultMode;
  }

  /**
   * Issues credentials of a role, as an environment provides them to a program. Any lifetime is
   * allowed, and no trust policy is evaluated.
   */
  public IamCredentials credentials(String role, String session, Duration lifetime) {
    var now = config.clock().instant();
    var identity =
        account.sessionPrincipal(
            account.roleNamed(role).orElseThrow(), session, Map.of(), Optional.empty(), now);
    return keyring.issue(identity, now.plus(lifetime));
  }

  /**
   * Returns the environment variables with which an AWS SDK uses this AWS, with {@link
   * #credentials} of a role.
   */
  public Map<String, String> variables(String role, String session, Duration lifetime) {
    var credentials = credentials(role, session, lifetime);
    var endpoint = endpoint().toString();
    return Map.of(
        "AWS_REGION", config.region(),
        "AWS_ENDPOINT_URL_DYNAMODB", endpoint,
        "AWS_ENDPOINT_URL_STS", endpoint,
        "AWS_ACCESS_KEY_ID", credentials.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey(),
        "AWS_SESSION_TOKEN", credentials.sessionToken().orElseThrow());
  }

  /** Returns all credentials that STS has issued with this session tag. */
  public List<IamCredentials> sessions(String tag, String value) {
    return keyring.tagged(tag, value);
  }

  /** Expires temporary credentials now. */
  public void expire(String accessKeyId) {
    keyring.expire(accessKeyId);
  }

  /** Expires all temporary credentials now. */
  public void expireAll() {
    keyring.expireAll();
  }

  private AwsFrontend frontend() {
    var gate = new AuthorizationGate(recorder);
    var verifier =
        new SignatureVerifier(config.region(), keyring, config.clock(), config.signatureClock());
    return new AwsFrontend(
        verifier,
        new StsEndpoint(account, keyring, gate, config.clock()),
        new DynamoDbEndpoint(engine, gate, config.region(), config.account(), dynamoFaultMode),
        recorder,
        stsFaults,
        dynamoFaults,
        config);
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    engine.close();
  }
}
