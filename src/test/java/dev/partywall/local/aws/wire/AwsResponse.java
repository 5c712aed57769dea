package dev.partywall.local.aws.wire;

import java.nio.charset.StandardCharsets;

/** A response. The frontend adds request id and checksum. */
// Instances are never compared or used as keys.
@SuppressWarnings("ArrayRecordComponent")
public record AwsResponse(int status, String contentType, byte[] body) {
  private static final String JSON = "application/x-amz-json-1.0";

  /** Returns a JSON response of DynamoDB. */
  public static AwsResponse json(int status, byte[] body) {
    return new AwsResponse(status, JSON, body);
  }

  /** Returns an XML response of STS. */
  public static AwsResponse xml(int status, String body) {
    return new AwsResponse(status, "text/xml", body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns an error response of DynamoDB. Only AccessDeniedException spells {@code Message} with a
   * capital letter.
   */
  public static AwsResponse json(AwsFault fault) {
    var member = fault.code() == AwsErrorCode.ACCESS_DENIED ? "Message" : "message";
    var body =
        StrictJson.newObject()
            .put("__type", fault.code().jsonType())
            .put(member, fault.getMessage());
    return json(fault.code().jsonStatus(), StrictJson.bytes(body));
  }
}
