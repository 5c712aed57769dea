package dev.partywall.runtime;

import dev.partywall.runtime.AwsFaultProxy.WireFault;
import dev.partywall.runtime.AwsFaultProxy.WireMessage;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The faults of a dependency, by name: its errors, those of proxies, and those of networks. */
final class WireFaults {
  private static final String JSON = "application/x-amz-json-1.0";

  private WireFaults() {}

  /** Returns faults that end at once. */
  static Map<String, WireFault> ofDynamo() {
    var faults = new LinkedHashMap<>(ofAnyService());
    for (var code :
        List.of(
            "AccessDeniedException",
            "ConditionalCheckFailedException",
            "DuplicateItemException",
            "ExpiredTokenException",
            "IdempotentParameterMismatchException",
            "InvalidSignatureException",
            "ItemCollectionSizeLimitExceededException",
            "KMSAccessDeniedException",
            "LimitExceededException",
            "ProvisionedThroughputExceededException",
            "ReplicatedWriteConflictException",
            "RequestExpired",
            "RequestLimitExceeded",
            "ResourceInUseException",
            "ResourceNotFoundException",
            "ThrottlingException",
            "TransactionCanceledException",
            "TransactionConflictException",
            "TransactionInProgressException",
            "UnrecognizedClientException",
            "ErrorOfALaterRelease")) {
      faults.put(code, error(400, code));
    }
    faults.put("InternalServerError", error(500, "InternalServerError"));
    faults.put("a response that is lost after the call", WireFaults::lose);
    faults.put("half a response", WireFaults::truncate);
    faults.put("a damaged response", WireFaults::damage);
    for (var body :
        List.of(
            "{}",
            "{\"Item\":null,\"Items\":null,\"ConsumedCapacity\":null}",
            "{\"Items\":\"x\",\"Item\":[1],\"Count\":\"a\",\"LastEvaluatedKey\":5,\"Responses\":{}}",
            "{\"ConsumedCapacity\":{\"TableName\":\"x\"}}",
            "{\"ConsumedCapacity\":[{\"TableName\":\"x\"}]}",
            "{\"Item\":[],\"Items\":{},\"ConsumedCapacity\":{\"CapacityUnits\":\"x\"}}")) {
      faults.put(body, reply(200, JSON, body));
    }
    return faults;
  }

  /** Returns one fault of each kind. */
  static Map<String, WireFault> someOfDynamo() {
    var faults = ofDynamo();
    faults
        .keySet()
        .retainAll(
            List.of(
                "status 302",
                "status 403",
                "an empty 200",
                "{}",
                "garbage",
                "a reset",
                "InternalServerError",
                "ConditionalCheckFailedException",
                "ThrottlingException",
                "TransactionCanceledException",
                "TransactionConflictException",
                "ErrorOfALaterRelease"));
    return faults;
  }

  static Map<String, WireFault> ofSts() {
    var faults = new LinkedHashMap<>(ofAnyService());
    for (var code :
        List.of(
            "AccessDenied",
            "ErrorOfALaterRelease",
            "ExpiredToken",
            "MalformedPolicyDocument",
            "SignatureDoesNotMatch",
            "Throttling")) {
      faults.put(code, stsError(400, code));
    }
    faults.put("InternalFailure", stsError(500, "InternalFailure"));
    faults.put("no credentials", sts("<AssumeRoleResult/>"));
    faults.put(
        "no secret",
        sts(
            "<AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId></Credentials>"
                + "</AssumeRoleResult>"));
    return faults;
  }

  private static Map<String, WireFault> ofAnyService() {
    var faults = new LinkedHashMap<String, WireFault>();
    for (var status : List.of(302, 400, 403, 404, 429, 503)) {
      faults.put("status " + status, reply(status, "text/html", "<html>proxy</html>"));
    }
    faults.put("an empty 200", reply(200, JSON, ""));
    faults.put("an empty 204", call -> write(call, "HTTP/1.1 204 X\r\n\r\n"));
    faults.put("a page of a proxy", reply(200, "text/html", "<html>sign in</html>"));
    faults.put("garbage", reply(200, JSON, "<html>502 bad\0\u00ff {{{"));
    faults.put("no HTTP", call -> !write(call, "\u0016\u0003\u0001 hello\r\n\r\n"));
    faults.put("a closed connection", _ -> false);
    faults.put("a reset", call -> reset(call.client()));
    return faults;
  }

  /** Returns faults that do not affect the result of a call. */
  static Map<String, WireFault> withoutEffect() {
    return Map.of(
        "a slow response", call -> call.awaitClose(200) || write(call, call.forward()),
        "a wrong date", call -> write(call, withOldDate(call.forward())));
  }

  private static WireMessage withOldDate(WireMessage response) {
    var date = "\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n";
    var head = response.head().replaceFirst("(?i)\r\ndate:[^\r]*\r\n", date);
    if (!head.contains(date)) {
      head = head.replaceFirst("\r\n", date);
    }
    return new WireMessage(head, response.body());
  }

  /** Returns faults that last longer than every timeout. */
  static Map<String, WireFault> thatHang() {
    return Map.of(
        "a call that is performed after the timeout",
        WireFaults::performLater,
        "no response",
        call -> call.awaitClose(60_000),
        "no response after the call",
        call -> call.forward() != null && call.awaitClose(60_000),
        "one byte every 100 ms",
        WireFaults::drip);
  }

  private static WireFault error(int status, String code) {
    return reply(
        status,
        JSON,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"no\"}".formatted(code));
  }

  private static WireFault stsError(int status, String code) {
    var body =
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
        <Code>%s</Code><Message>no</Message></Error></ErrorResponse>\
        """
            .formatted(code);
    return reply(status, "text/xml", body);
  }

  private static WireFault sts(String result) {
    return reply(
        200,
        "text/xml",
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">%s</AssumeRoleResponse>"
            .formatted(result));
  }

  private static WireFault reply(int status, String type, String body) {
    var message =
        "HTTP/1.1 %d X\r\nContent-Type: %s\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, type, body.length(), body);
    return call -> write(call, message);
  }

  private static boolean write(AwsFaultProxy.ProxiedCall call, String message) throws IOException {
    call.reply(message.getBytes(StandardCharsets.ISO_8859_1));
    return true;
  }

  private static boolean reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    return false;
  }

  private static boolean lose(AwsFaultProxy.ProxiedCall call) throws IOException {
    call.forward();
    return reset(call.client());
  }

  private static boolean truncate(AwsFaultProxy.ProxiedCall call) throws IOException {
    var response = call.forward();
    write(call, response.head() + response.body().substring(0, response.body().length() / 2));
    return false;
  }

  /** Changes one byte, so the checksum of the response is wrong. */
  private static boolean damage(AwsFaultProxy.ProxiedCall call) throws IOException {
    var response = call.forward();
    return write(
        call,
        response.head()
            + response.body().replace("partywall", "partywell").replace("acity", "acitz"));
  }

  /** Performs the call 1 s later, when its client no longer waits. */
  private static boolean performLater(AwsFaultProxy.ProxiedCall call) throws IOException {
    if (!call.awaitClose(1_000)) {
      call.forward();
    }
    return false;
  }

  private static boolean write(AwsFaultProxy.ProxiedCall call, WireMessage message)
      throws IOException {
    call.reply(message.bytes());
    return true;
  }

  private static boolean drip(AwsFaultProxy.ProxiedCall call) throws IOException {
    for (var next : call.forward().bytes()) {
      call.reply(new byte[] {next});
      if (call.awaitClose(100)) {
        return false;
      }
    }
    return true;
  }
}
