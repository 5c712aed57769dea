package dev.partywall.local.aws;

import dev.partywall.local.aws.sts.Role;
import dev.partywall.local.aws.sts.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The configuration of a {@link LocalAws}.
 *
 * @param port on the loopback interface; 0 picks a free port
 * @param clock determines issue and expiry of temporary credentials
 * @param signatureClock determines whether a signature is too old or too new. Tests that move
 *     {@code clock} leave this one unchanged, because SDKs sign with the system time.
 */
public record AwsConfig(
    int port,
    String region,
    String account,
    InstantSource clock,
    InstantSource signatureClock,
    RandomGenerator random,
    List<User> users,
    List<Role> roles) {

  /** Returns an account with these users and roles, on a free port, with the system clock. */
  public static AwsConfig of(String region, String account, List<User> users, List<Role> roles) {
    var clock = Clock.systemUTC();
    return new AwsConfig(0, region, account, clock, clock, new SecureRandom(), users, roles);
  }

  /** Returns this configuration with another port. */
  public AwsConfig withPort(int port) {
    return new AwsConfig(port, region, account, clock, signatureClock, random, users, roles);
  }

  /** Returns this configuration with another clock for credentials. */
  public AwsConfig withClock(InstantSource clock) {
    return new AwsConfig(port, region, account, clock, signatureClock, random, users, roles);
  }

  /** Returns the ARN of a role in this account. */
  public String roleArn(String role) {
    return "arn:aws:iam::" + account + ":role/" + role;
  }

  /** Returns the ARN of a table in this account. */
  public String tableArn(String table) {
    return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + table;
  }
}
