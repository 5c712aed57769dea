package dev.partywall.local.aws.wire;

/**
 * An AWS error code: the name in DynamoDB with its namespace (JSON, usually status 400), and the
 * name and status in STS (XML).
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">DynamoDB</a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html">STS</a>
 */
public enum AwsErrorCode {
  MISSING_TOKEN(
      "com.amazon.coral.service#MissingAuthenticationTokenException", "MissingAuthenticationToken"),
  INCOMPLETE_SIGNATURE(
      "com.amazon.coral.service#IncompleteSignatureException", "IncompleteSignature", 400),
  UNKNOWN_KEY("com.amazon.coral.service#UnrecognizedClientException", "InvalidClientTokenId"),
  INVALID_SIGNATURE("com.amazon.coral.service#InvalidSignatureException", "SignatureDoesNotMatch"),
  EXPIRED("com.amazon.coral.service#ExpiredTokenException", "ExpiredToken"),
  ACCESS_DENIED("com.amazon.coral.service#AccessDeniedException", "AccessDenied"),
  UNKNOWN_OPERATION("com.amazon.coral.service#UnknownOperationException", "InvalidAction", 400),
  SERIALIZATION("com.amazon.coral.service#SerializationException", "MalformedInput", 400),
  TOO_LARGE(
      "com.amazon.coral.service#RequestEntityTooLargeException", "RequestEntityTooLarge", 413),
  VALIDATION("com.amazon.coral.validate#ValidationException", "ValidationError", 400),
  MALFORMED_POLICY("com.amazon.coral.validate#ValidationException", "MalformedPolicyDocument", 400),
  PACKED_POLICY_TOO_LARGE(
      "com.amazon.coral.validate#ValidationException", "PackedPolicyTooLarge", 400),
  NOT_FOUND("com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "NoSuchEntity", 404),
  TABLE_NOT_FOUND("com.amazonaws.dynamodb.v20120810#TableNotFoundException", "NoSuchEntity", 404),
  TRANSACTION_CONFLICT(
      "com.amazonaws.dynamodb.v20120810#TransactionConflictException", "Conflict", 409),
  THROUGHPUT_EXCEEDED(
      "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "Throttling", 400),
  THROTTLED("com.amazon.coral.availability#ThrottlingException", "Throttling", 400),
  UNAVAILABLE(
      "com.amazon.coral.availability#ServiceUnavailableException", "ServiceUnavailable", 503),
  INTERNAL("com.amazon.coral.service#InternalFailure", "InternalFailure", 500);

  private final String json;
  private final String xml;
  private final int xmlStatus;

  AwsErrorCode(String json, String xml) {
    this(json, xml, 403);
  }

  AwsErrorCode(String json, String xml, int xmlStatus) {
    this.json = json;
    this.xml = xml;
    this.xmlStatus = xmlStatus;
  }

  /** Returns the value of {@code __type} in a JSON response. */
  public String jsonType() {
    return json;
  }

  /** Returns the text of {@code AwsErrorCode} in an XML response. */
  public String xmlName() {
    return xml;
  }

  /** Returns the status of a JSON response: 400, except for server faults and an oversized body. */
  public int jsonStatus() {
    return xmlStatus >= 413 ? xmlStatus : 400;
  }

  /** Returns the status of an XML response. */
  public int xmlStatus() {
    return xmlStatus;
  }
}
