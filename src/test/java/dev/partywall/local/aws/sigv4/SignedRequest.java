package dev.partywall.local.aws.sigv4;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Validates the signed headers, payload hash, scope and time of a request. Computing the signature
 * is a separate step.
 */
record SignedRequest(AuthorizationHeader authorization, AwsRequest request) {
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  void check(String region, String service, Instant now) {
    requireSignedHeaders();
    requirePayloadHash();
    requireScope(region, service);
    requireTime(now);
  }

  /**
   * Requires signatures of all security-relevant headers: an unsigned header could be changed in
   * transit.
   */
  private void requireSignedHeaders() {
    var signed = authorization.signedHeaders();
    if (!signed.equals(signed.stream().map(SignedRequest::lower).distinct().sorted().toList())) {
      throw invalidSignature("'SignedHeaders' must be lower-case, distinct and sorted.");
    }
    if (request.header("host").isEmpty() || !signed.contains("host")) {
      throw invalidSignature(
          "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    for (var name : request.headers().keySet()) {
      if (name.startsWith("x-amz-") && !signed.contains(name)) {
        throw invalidSignature("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
      }
    }
    if (!signed.stream().allMatch(name -> request.header(name).isPresent())) {
      throw invalidSignature("Every 'SignedHeader' must occur in the request exactly once.");
    }
  }

  private void requirePayloadHash() {
    var claimed = request.headers().getOrDefault("x-amz-content-sha256", List.of());
    if (!claimed.stream().allMatch(SigningHash.sha256(request.body())::equals)) {
      throw invalidSignature(
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
  }

  private void requireScope(String region, String service) {
    var scope = authorization.scope();
    if (!scope.region().equals(region)) {
      throw invalidSignature("Credential should be scoped to a valid region. ");
    }
    if (!scope.service().equals(service)) {
      throw invalidSignature("Credential should be scoped to correct service: '" + service + "'. ");
    }
    if (!scope.terminator().equals("aws4_request")) {
      throw invalidSignature(
          "Credential should be scoped with a valid terminator: 'aws4_request'. ");
    }
  }

  private void requireTime(Instant now) {
    var text = request.header("x-amz-date").orElse("");
    var time = instant(text);
    if (!text.startsWith(authorization.scope().date() + "T")) {
      throw invalidSignature(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.");
    }
    if (time.isBefore(now.minus(MAX_SKEW))) {
      throw invalidSignature(
          "Signature expired: %s is now earlier than %s (%s - 5 min.)"
              .formatted(text, BASIC.format(now.minus(MAX_SKEW)), BASIC.format(now)));
    }
    if (time.isAfter(now.plus(MAX_SKEW))) {
      throw invalidSignature(
          "Signature not yet current: %s is still later than %s (%s + 5 min.)"
              .formatted(text, BASIC.format(now.plus(MAX_SKEW)), BASIC.format(now)));
    }
  }

  private static Instant instant(String text) {
    try {
      return BASIC.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw new AwsFault(
          AwsErrorCode.INCOMPLETE_SIGNATURE,
          "Date must be in ISO-8601 'basic format'. Got '" + text + "'.");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static AwsFault invalidSignature(String message) {
    return new AwsFault(AwsErrorCode.INVALID_SIGNATURE, message);
  }
}
