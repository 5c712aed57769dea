package dev.partywall.bench.stub;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Random;

/** Returns credentials for every requested role. */
final class StubSts {
  private StubSts() {}

  /** Session tokens have a realistic length, since every request sends and signs its token. */
  static byte[] assumeRole(StubRequest request) {
    var token = new byte[600];
    var random = new Random(request.body().hashCode());
    random.nextBytes(token);
    return StubResponse.xml(
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>\
        <AssumedRoleUser><AssumedRoleId>AROABENCH:bench</AssumedRoleId>\
        <Arn>arn:aws:sts::000000000000:assumed-role/bench/bench</Arn></AssumedRoleUser>\
        <Credentials><AccessKeyId>ASIA%016d</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>\
        <SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>\
        </AssumeRoleResult><ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>\
        </ResponseMetadata></AssumeRoleResponse>\
        """
            .formatted(
                random.nextLong(10_000_000_000_000_000L),
                Base64.getEncoder().encodeToString(new byte[30]),
                Base64.getEncoder().encodeToString(token),
                Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS)));
  }
}
