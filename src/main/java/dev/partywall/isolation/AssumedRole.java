package dev.partywall.isolation;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The credentials of a role that the service assumes for work that it does for itself, such as the
 * creation of tables. The first use assumes the role, and a use after the end of the session
 * assumes it again. An unused role is never assumed.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole
 *     </a>
 */
public final class AssumedRole implements AwsCredentialsProvider, SdkAutoCloseable {
  /** The minimum of STS: the creation of a table takes less than a minute. */
  private static final Duration SESSION_DURATION = Duration.ofMinutes(15);

  private final RoleArn role;
  private final StsAssumeRoleCredentialsProvider sessions;

  /**
   * Creates the provider without a call.
   *
   * @param sts a client with the service's own credentials
   * @param session the name of the session in CloudTrail
   */
  public AssumedRole(StsClient sts, RoleArn role, String session) {
    this.role = role;
    this.sessions =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(request ->
                request
                    .roleArn(role.value())
                    .roleSessionName(session)
                    .durationSeconds(Math.toIntExact(SESSION_DURATION.toSeconds())))
            .build();
  }

  /**
   * Returns the credentials of the current session.
   *
   * @throws SdkClientException if STS rejects the call, is unreachable or sends no credentials
   */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return sessions.resolveCredentials();
    } catch (AwsServiceException e) {
      // To the caller, this is no response of DynamoDB: it sent nothing.
      throw SdkClientException.create("STS rejected AssumeRole for " + role, e);
    } catch (SdkClientException e) {
      throw e;
    } catch (RuntimeException e) {
      throw SdkClientException.create("STS returned no credentials for " + role, e);
    }
  }

  @Override
  public void close() {
    sessions.close();
  }
}
