package dev.partywall.local.aws.wire;

import java.nio.charset.StandardCharsets;

/** An answer; request id and checksum are added on the way out. */
// Never compared, never a key.
@SuppressWarnings("ArrayRecordComponent")
public record AwsResponse(int status, String contentType, byte[] body) {
  private static final String JSON = "application/x-amz-json-1.0";

  /** An answer in DynamoDB's JSON. */
  public static AwsResponse json(int status, byte[] body) {
    return new AwsResponse(status, JSON, body);
  }

  /** An answer in STS's XML. */
  public static AwsResponse xml(int status, String body) {
    return new AwsResponse(status, "text/xml", body.getBytes(StandardCharsets.UTF_8));
  }

  /** A refusal as DynamoDB writes it. AccessDeniedException alone spells Message with a capital. */
  public static AwsResponse json(AwsFault fault) {
    var member = fault.code() == Code.ACCESS_DENIED ? "Message" : "message";
    var body =
        StrictJson.newObject()
            .put("__type", fault.code().jsonType())
            .put(member, fault.getMessage());
    return json(fault.code().jsonStatus(), StrictJson.bytes(body));
  }
}
