package dev.partywall.isolation;

import dev.partywall.isolation.VendingFailed.Reason;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Issues tenant credentials: assumes the tenant role with a session policy for one tenant.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole
 *     </a>
 */
public final class Sts implements CredentialVendor {
  /** The maximum session duration of STS for role chaining. */
  static final Duration LIFE = Duration.ofHours(1);

  private final StsClient client;
  private final RoleArn role;
  private final SessionPolicy policy;
  private final String instance;

  /**
   * Creates an issuer.
   *
   * @param client a client with the service's own credentials
   * @param instance the name of this service instance in CloudTrail: 1 to 64 characters of {@code
   *     [A-Za-z0-9_+=,.-]}
   */
  public Sts(StsClient client, RoleArn role, SessionPolicy policy, String instance) {
    this.client = client;
    this.role = role;
    this.policy = policy;
    this.instance = SessionName.requireInstance(instance);
  }

  @Override
  public TenantSession vend(TenantId tenant, Home location) {
    try {
      var response = client.assumeRole(request(tenant, location));
      return session(tenant, location, response.credentials());
    } catch (AwsServiceException e) {
      throw new VendingFailed(reason(e), e);
    } catch (SdkClientException e) {
      // No connection, no response in time, or no credentials of the service itself.
      throw new VendingFailed(Reason.AWAY, e);
    }
  }

  private AssumeRoleRequest request(TenantId tenant, Home location) {
    return AssumeRoleRequest.builder()
        .roleArn(role.value())
        .roleSessionName(SessionName.of(tenant, instance).value())
        .durationSeconds(Math.toIntExact(LIFE.toSeconds()))
        .policy(policy.json(location))
        .build();
  }

  private static TenantSession session(TenantId tenant, Home location, Credentials issued) {
    var credentials =
        AwsSessionCredentials.builder()
            .accessKeyId(issued.accessKeyId())
            .secretAccessKey(issued.secretAccessKey())
            .sessionToken(issued.sessionToken())
            .build();
    return new TenantSession(tenant, location, credentials, issued.expiration());
  }

  private static Reason reason(AwsServiceException e) {
    if (e.isThrottlingException()) {
      return Reason.THROTTLED;
    }
    return e.statusCode() >= 500 ? Reason.AWAY : Reason.REFUSED;
  }
}
