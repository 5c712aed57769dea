package dev.partywall.isolation;

import dev.partywall.error.AwsErrorCodes;
import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Issues tenant credentials: assumes the tenant role with the session tag and a session policy of
 * one tenant. The role's own policy limits the session to the tenant that the tag names.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html">Session tags
 *     </a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole
 *     </a>
 */
public final class StsCredentialIssuer implements CredentialIssuer {
  /** The maximum session duration of STS for role chaining. */
  static final Duration SESSION_DURATION = Duration.ofHours(1);

  /** The key of the session tag, which the policies of the tenant role require. */
  private static final String TENANT_TAG = "tenant";

  /**
   * The session name in CloudTrail: {@code <tenant>@<service instance>}. STS accepts 2 to 64
   * characters. The tenant id is always complete, up to the {@code @} or the end. If both do not
   * fit, the instance name is shortened or omitted.
   */
  record SessionName(String value) {
    private static final int MAX_CHARACTERS = 64;
    private static final Pattern INSTANCE = Pattern.compile("[\\w+=,.-]{1,64}");

    /** Returns the session name of an instance for a tenant. */
    static SessionName of(TenantId tenant, String instance) {
      requireInstance(instance);
      var available = MAX_CHARACTERS - tenant.value().length() - 1;
      return new SessionName(
          available < 1
              ? tenant.value()
              : tenant + "@" + instance.substring(0, Math.min(available, instance.length())));
    }

    static String requireInstance(String instance) {
      if (!INSTANCE.matcher(instance).matches()) {
        throw new IllegalArgumentException(
            "an instance name has 1 to 64 characters of [A-Za-z0-9_+=,.-]");
      }
      return instance;
    }
  }

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
  public StsCredentialIssuer(
      StsClient client, RoleArn role, SessionPolicy policy, String instance) {
    this.client = client;
    this.role = role;
    this.policy = policy;
    this.instance = SessionName.requireInstance(instance);
  }

  @Override
  public TenantSession issue(TenantId tenant, TenantLocation location) {
    return session(tenant, location, issued(request(tenant, location)));
  }

  private Credentials issued(AssumeRoleRequest request) {
    try {
      return requireComplete(client.assumeRole(request).credentials());
    } catch (AwsServiceException e) {
      throw new IssuingFailedException(reason(e), AwsErrorCodes.describe(e), e);
    } catch (SdkClientException e) {
      // No connection, no response in time, or no credentials of the service itself.
      throw new IssuingFailedException(FailureReason.UNAVAILABLE, "no response", e);
    } catch (RuntimeException e) {
      // The SDK throws various unchecked exceptions if it cannot read a response.
      throw new IssuingFailedException(FailureReason.UNEXPECTED, "unreadable response", e);
    }
  }

  /** Any member of a response is optional for the SDK, so an empty response is no error there. */
  private static Credentials requireComplete(@Nullable Credentials issued) {
    if (issued == null
        || issued.accessKeyId() == null
        || issued.secretAccessKey() == null
        || issued.sessionToken() == null
        || issued.expiration() == null) {
      throw new IllegalStateException("the response of STS contains no complete credentials");
    }
    return issued;
  }

  private AssumeRoleRequest request(TenantId tenant, TenantLocation location) {
    return AssumeRoleRequest.builder()
        .roleArn(role.value())
        .roleSessionName(SessionName.of(tenant, instance).value())
        .durationSeconds(Math.toIntExact(SESSION_DURATION.toSeconds()))
        .policy(policy.json(location))
        .tags(Tag.builder().key(TENANT_TAG).value(tenant.value()).build())
        .build();
  }

  private static TenantSession session(
      TenantId tenant, TenantLocation location, Credentials issued) {
    var credentials =
        AwsSessionCredentials.builder()
            .accessKeyId(issued.accessKeyId())
            .secretAccessKey(issued.secretAccessKey())
            .sessionToken(issued.sessionToken())
            .build();
    return new TenantSession(tenant, location, credentials, issued.expiration());
  }

  private static FailureReason reason(AwsServiceException e) {
    if (e.isThrottlingException()) {
      return FailureReason.THROTTLED;
    }
    if (e.statusCode() >= 500) {
      return FailureReason.UNAVAILABLE;
    }
    return AwsErrorCodes.isRejectionOfSts(AwsErrorCodes.codeOf(e))
        ? FailureReason.REJECTED
        : FailureReason.UNEXPECTED;
  }
}
