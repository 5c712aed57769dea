package dev.partywall.local.aws;

import dev.partywall.local.aws.sts.Role;
import dev.partywall.local.aws.sts.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a {@link LocalAws} is made of.
 *
 * @param port on loopback; 0 takes a free one
 * @param clock by which temporary credentials are issued and expire
 * @param signatureClock by which a signature is too old or too young; a test that moves {@code
 *     clock} leaves this one, as SDKs sign by the machine's
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

  /** An account with those users and roles, on a free port, by the machine's clock. */
  public static AwsConfig of(String region, String account, List<User> users, List<Role> roles) {
    var clock = Clock.systemUTC();
    return new AwsConfig(0, region, account, clock, clock, new SecureRandom(), users, roles);
  }

  /** The same on that port. */
  public AwsConfig on(int port) {
    return new AwsConfig(port, region, account, clock, signatureClock, random, users, roles);
  }

  /** The same with credentials that live by that clock. */
  public AwsConfig at(InstantSource clock) {
    return new AwsConfig(port, region, account, clock, signatureClock, random, users, roles);
  }

  /** A role's ARN in this account. */
  public String roleArn(String role) {
    return "arn:aws:iam::" + account + ":role/" + role;
  }

  /** A table's ARN in this account. */
  public String tableArn(String table) {
    return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + table;
  }
}
