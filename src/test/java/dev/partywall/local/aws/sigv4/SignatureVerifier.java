package dev.partywall.local.aws.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partywall.local.aws.iam.CredentialStore;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.local.aws.iam.IamPrincipal;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Authenticates requests by signature version 4 in the Authorization header. Presigned queries are
 * rejected.
 */
public final class SignatureVerifier {
  private static final String NO_MATCH =
      "The request signature we calculated does not match the signature you provided. Check your"
          + " AWS Secret Access Key and signing method. Consult the service documentation for"
          + " details.";

  private final String region;
  private final CredentialStore keyring;
  private final InstantSource keyClock;
  private final InstantSource signatureClock;

  /**
   * Creates a verifier for one region.
   *
   * @param keyClock determines expiry of temporary keys
   * @param signatureClock determines whether a signature is too old or too new
   */
  public SignatureVerifier(
      String region,
      CredentialStore keyring,
      InstantSource keyClock,
      InstantSource signatureClock) {
    this.region = region;
    this.keyring = keyring;
    this.keyClock = keyClock;
    this.signatureClock = signatureClock;
  }

  /**
   * Returns the caller of a request to {@code service}.
   *
   * @throws AwsFault if the request is not authenticated
   */
  public IamPrincipal verify(AwsRequest request, String service) {
    var authorization =
        request
            .header("authorization")
            .map(AuthorizationHeader::parse)
            .orElseThrow(() ->
                new AwsFault(
                    AwsErrorCode.MISSING_TOKEN, "Request is missing Authentication Token"));
    var credentials = credentials(authorization, request);
    new SignedRequest(authorization, request).check(region, service, signatureClock.instant());
    requireSignature(authorization, credentials, request);
    return credentials.principal();
  }

  private IamCredentials credentials(AuthorizationHeader authorization, AwsRequest request) {
    var credentials =
        keyring
            .find(authorization.accessKeyId())
            .filter(key -> key.sessionToken().equals(request.header("x-amz-security-token")))
            .orElseThrow(SignatureVerifier::unknownKey);
    if (credentials.expiration().filter(this::isPast).isPresent()) {
      throw new AwsFault(
          AwsErrorCode.EXPIRED, "The security token included in the request is expired");
    }
    return credentials;
  }

  private boolean isPast(Instant end) {
    return !keyClock.instant().isBefore(end);
  }

  private static void requireSignature(
      AuthorizationHeader authorization, IamCredentials credentials, AwsRequest request) {
    var canonical = CanonicalRequest.of(request, authorization.signedHeaders());
    var time = request.header("x-amz-date").orElseThrow();
    var expected = authorization.scope().sign(credentials.secretAccessKey(), time, canonical);
    // The comparison takes constant time, so its duration reveals nothing about the signature.
    if (!MessageDigest.isEqual(
        expected.getBytes(UTF_8), authorization.signature().getBytes(UTF_8))) {
      throw new AwsFault(AwsErrorCode.INVALID_SIGNATURE, NO_MATCH);
    }
  }

  private static AwsFault unknownKey() {
    return new AwsFault(
        AwsErrorCode.UNKNOWN_KEY, "The security token included in the request is invalid.");
  }
}
