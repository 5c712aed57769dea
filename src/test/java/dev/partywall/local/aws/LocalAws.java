package dev.partywall.local.aws;

import com.sun.net.httpserver.HttpServer;
import dev.partywall.http.ServerSettings;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.dynamo.DynamoDb;
import dev.partywall.local.aws.dynamo.Engine;
import dev.partywall.local.aws.iam.Credentials;
import dev.partywall.local.aws.iam.Gate;
import dev.partywall.local.aws.iam.Keyring;
import dev.partywall.local.aws.iam.Recorder;
import dev.partywall.local.aws.sigv4.Verifier;
import dev.partywall.local.aws.sts.Account;
import dev.partywall.local.aws.sts.Sts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
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
  private final Engine engine;
  private final AwsConfig config;
  private final Account account;
  private final Keyring keyring;
  private final Recorder recorder = new Recorder();
  private final Weather stsFaults = new Weather();
  private final Weather dynamoFaults = new Weather();

  private LocalAws(AwsConfig config, LocalDynamo dynamo) throws IOException {
    this.config = config;
    this.keyring = new Keyring(config.random());
    this.account = new Account(config.account(), config.users(), config.roles(), keyring);
    this.engine = new Engine(dynamo.endpoint(), dynamo.accessKeyId(), config.region());
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    ServerSettings.install();
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
  public Recorder recorder() {
    return recorder;
  }

  /** Returns the fault injection of STS. */
  public Weather sts() {
    return stsFaults;
  }

  /** Returns the fault injection of DynamoDB. */
  public Weather dynamo() {
    return dynamoFaults;
  }

  /**
   * Issues credentials of a role, as an environment provides them to a program. Any lifetime is
   * allowed, and no trust policy is evaluated.
   */
  public Credentials credentials(String role, String session, Duration lifetime) {
    var identity =
        account.session(account.roleNamed(role).orElseThrow(), session, Map.of(), Optional.empty());
    return keyring.issue(identity, config.clock().instant().plus(lifetime));
  }

  /** Expires temporary credentials now. */
  public void expire(String accessKeyId) {
    keyring.expire(accessKeyId);
  }

  /** Expires all temporary credentials now. */
  public void expireAll() {
    keyring.expireAll();
  }

  private FrontDoor frontend() {
    var gate = new Gate(recorder);
    var verifier = new Verifier(config.region(), keyring, config.clock(), config.signatureClock());
    return new FrontDoor(
        verifier,
        new Sts(account, keyring, gate, config.clock()),
        new DynamoDb(engine, gate, config.region(), config.account()),
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
