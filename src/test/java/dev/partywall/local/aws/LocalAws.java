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
 * STS and DynamoDB on one loopback address, with their permissions: every request's signature is
 * checked and its caller's policies are evaluated before DynamoDB Local sees it. What is not known,
 * or not understood, is refused.
 */
public final class LocalAws implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;
  private final Engine engine;
  private final AwsConfig config;
  private final Account account;
  private final Keyring keyring;
  private final Recorder recorder = new Recorder();
  private final Weather stsWeather = new Weather();
  private final Weather dynamoWeather = new Weather();

  private LocalAws(AwsConfig config, LocalDynamo dynamo) throws IOException {
    this.config = config;
    this.keyring = new Keyring(config.random());
    this.account = new Account(config.account(), config.users(), config.roles(), keyring);
    this.engine = new Engine(dynamo.endpoint(), dynamo.accessKeyId(), config.region());
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    ServerSettings.install();
    this.server = HttpServer.create(address(config.port()), 0);
    server.setExecutor(threads);
    server.createContext("/", frontDoor());
    server.start();
  }

  /**
   * Starts one in front of that engine.
   *
   * @throws IOException where the port is taken
   */
  public static LocalAws start(AwsConfig config, LocalDynamo dynamo) throws IOException {
    return new LocalAws(config, dynamo);
  }

  /** Where both services listen: the value of {@code AWS_ENDPOINT_URL}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What was asked of it. */
  public Recorder recorder() {
    return recorder;
  }

  /** How well STS can be reached. */
  public Weather sts() {
    return stsWeather;
  }

  /** How well DynamoDB can be reached. */
  public Weather dynamo() {
    return dynamoWeather;
  }

  /**
   * Credentials of a role as an environment would hand them to a program that runs in it: for as
   * long as wanted, and without a caller whom the role would have to trust.
   */
  public Credentials credentials(String role, String session, Duration life) {
    var identity =
        account.session(account.roleNamed(role).orElseThrow(), session, Map.of(), Optional.empty());
    return keyring.issue(identity, config.clock().instant().plus(life));
  }

  /** Ends temporary credentials now, as their expiry would. */
  public void expire(String accessKeyId) {
    keyring.expire(accessKeyId);
  }

  /** Ends all temporary credentials now. */
  public void expireAll() {
    keyring.expireAll();
  }

  private FrontDoor frontDoor() {
    var gate = new Gate(recorder);
    var verifier = new Verifier(config.region(), keyring, config.clock(), config.signatureClock());
    return new FrontDoor(
        verifier,
        new Sts(account, keyring, gate, config.clock()),
        new DynamoDb(engine, gate, config.region(), config.account()),
        recorder,
        stsWeather,
        dynamoWeather,
        config);
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    engine.close();
  }
}
