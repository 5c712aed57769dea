package dev.partywall.storage;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The one place where what DynamoDB or the SDK throws becomes a refusal. What is nobody's outage
 * but a fault of ours, such as a request that DynamoDB finds invalid, is thrown on as it is.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final Refusal NOT_NOW =
      new Refusal.Unavailable("the data is out of reach at the moment", Duration.ofSeconds(2));

  /** What DynamoDB calls a request that its credentials don't allow, or credentials it refuses. */
  private static final Set<String> DENIALS =
      Set.of(
          "AccessDeniedException",
          "ExpiredTokenException",
          "IncompleteSignatureException",
          "InvalidSignatureException",
          "MissingAuthenticationTokenException",
          "UnrecognizedClientException");

  private Calls() {}

  /**
   * Makes a call to DynamoDB.
   *
   * @throws Refused as {@link Refusal.Unavailable} when it can't be served now
   */
  public static <T> T call(String operation, String table, Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw judged(operation, table, e);
    } catch (SdkClientException e) {
      // No answer, no connection, no credentials, or an interrupt because the deadline has passed.
      throw unavailable(e);
    }
  }

  static Refused unavailable(Throwable cause) {
    return new Refused(NOT_NOW, cause);
  }

  static Refused unavailable() {
    return new Refused(NOT_NOW);
  }

  private static RuntimeException judged(String operation, String table, AwsServiceException e) {
    var code = codeOf(e);
    if (DENIALS.contains(code)) {
      return denied(operation, table, code);
    }
    var passes = e.isThrottlingException() || e.statusCode() >= 500;
    return passes || code.equals("ResourceNotFoundException") ? unavailable(e) : e;
  }

  /** A proxy on the way, or a load balancer, answers without any. */
  private static String codeOf(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /**
   * The wall has refused: a fault of ours, or an attack that came this far. The caller learns
   * nothing from it that an outage would not tell; the log has it all, and so has no cause to be
   * written again further out.
   */
  private static Refused denied(String operation, String table, String code) {
    var tenant = TenantContext.isBound() ? TenantContext.current().id().value() : "none";
    LOG.error("DynamoDB refused {} on {} for tenant {}: {}", operation, table, tenant, code);
    return unavailable();
  }
}
