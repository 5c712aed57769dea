package dev.partywall.local.aws.wire;

/**
 * What AWS calls an error: DynamoDB's name with its namespace (JSON, status 400 as a rule), STS's
 * name (XML) and STS's status.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">DynamoDB</a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html">STS</a>
 */
public enum Code {
  MISSING_TOKEN(
      "com.amazon.coral.service#MissingAuthenticationTokenException", "MissingAuthenticationToken"),
  INCOMPLETE_SIGNATURE(
      "com.amazon.coral.service#IncompleteSignatureException", "IncompleteSignature", 400),
  UNKNOWN_KEY("com.amazon.coral.service#UnrecognizedClientException", "InvalidClientTokenId"),
  BAD_SIGNATURE("com.amazon.coral.service#InvalidSignatureException", "SignatureDoesNotMatch"),
  EXPIRED("com.amazon.coral.service#ExpiredTokenException", "ExpiredToken"),
  ACCESS_DENIED("com.amazon.coral.service#AccessDeniedException", "AccessDenied"),
  UNKNOWN_OPERATION("com.amazon.coral.service#UnknownOperationException", "InvalidAction", 400),
  SERIALIZATION("com.amazon.coral.service#SerializationException", "MalformedInput", 400),
  TOO_LARGE(
      "com.amazon.coral.service#RequestEntityTooLargeException", "RequestEntityTooLarge", 413),
  VALIDATION("com.amazon.coral.validate#ValidationException", "ValidationError", 400),
  MALFORMED_POLICY("com.amazon.coral.validate#ValidationException", "MalformedPolicyDocument", 400),
  PACKED_POLICY("com.amazon.coral.validate#ValidationException", "PackedPolicyTooLarge", 400),
  NOT_FOUND("com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "NoSuchEntity", 404),
  UNAVAILABLE(
      "com.amazon.coral.availability#ServiceUnavailableException", "ServiceUnavailable", 503),
  INTERNAL("com.amazon.coral.service#InternalFailure", "InternalFailure", 500);

  private final String json;
  private final String xml;
  private final int xmlStatus;

  Code(String json, String xml) {
    this(json, xml, 403);
  }

  Code(String json, String xml, int xmlStatus) {
    this.json = json;
    this.xml = xml;
    this.xmlStatus = xmlStatus;
  }

  /** The value of {@code __type} in a JSON answer. */
  public String jsonType() {
    return json;
  }

  /** The text of {@code Code} in an XML answer. */
  public String xmlName() {
    return xml;
  }

  /** The status of a JSON answer: 400, but for the service's own faults and a body too large. */
  public int jsonStatus() {
    return xmlStatus >= 413 ? xmlStatus : 400;
  }

  /** The status of an XML answer. */
  public int xmlStatus() {
    return xmlStatus;
  }
}
