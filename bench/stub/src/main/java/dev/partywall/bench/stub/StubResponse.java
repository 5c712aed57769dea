package dev.partywall.bench.stub;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Encoded responses, each sent with a single write. */
final class StubResponse {
  private StubResponse() {}

  static byte[] json(String body) {
    return of("200 OK", "application/json", "", body);
  }

  static byte[] text(String body) {
    return of("200 OK", "text/plain", "", body);
  }

  static byte[] xml(String body) {
    return of("200 OK", "text/xml", "", body);
  }

  /** Includes the checksum that DynamoDB sends and the SDK verifies. */
  static byte[] dynamo(String status, String body) {
    var checksum = new CRC32();
    checksum.update(body.getBytes(StandardCharsets.UTF_8));
    var fields =
        "x-amzn-RequestId: 4KBNVRGD25RG1KEO9UT4V3FQDJVV4KQNSO5AEMVJF66Q9ASUAAJG\r\n"
            + "x-amz-crc32: "
            + checksum.getValue()
            + "\r\n";
    return of(status, "application/x-amz-json-1.0", fields, body);
  }

  static byte[] notFound() {
    return of("404 Not Found", "text/plain", "", "not found");
  }

  private static byte[] of(String status, String type, String fields, String body) {
    var length = body.getBytes(StandardCharsets.UTF_8).length;
    var head =
        "HTTP/1.1 %s\r\nServer: Server\r\nDate: Tue, 24 Nov 2026 00:00:00 GMT\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n";
    return (head.formatted(status, type, length, fields) + body).getBytes(StandardCharsets.UTF_8);
  }
}
