package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.Context;
import dev.partywall.local.aws.iam.Gate;
import dev.partywall.local.aws.iam.Identity;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.Code;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.util.List;

/**
 * DynamoDB with IAM enforcement. Authorizes each call by its caller's policies before forwarding it
 * to the engine.
 */
public final class DynamoDb {
  private static final String JSON = "application/x-amz-json-1.0";

  private final Engine engine;
  private final Gate gate;
  private final TableCalls tableCalls;
  private final Operations operations;

  /** Creates an endpoint in front of {@code engine}. */
  public DynamoDb(Engine engine, Gate gate, String region, String account) {
    var tables = new Tables(engine, region, account);
    this.engine = engine;
    this.gate = gate;
    this.tableCalls = new TableCalls(tables);
    this.operations = new Operations(tables, tableCalls);
  }

  /** Returns the operation of a request; empty if it is not an operation of this API. */
  public static String operation(AwsRequest request) {
    var target = request.header("x-amz-target").orElse("");
    return target.startsWith(Engine.API) ? target.substring(Engine.API.length()) : "";
  }

  /**
   * Handles a request of an authenticated caller.
   *
   * @throws AwsFault if the request is rejected
   */
  public AwsResponse answer(AwsRequest request, Identity caller, Context context) {
    var operation = operation(request);
    if (!operation.matches("[A-Z][A-Za-z]{1,60}")) {
      throw new AwsFault(Code.UNKNOWN_OPERATION, "");
    }
    var body = body(request);
    authorize(operation, body, caller, context.and(Facts.capacity(body)));
    // Serializing the evaluated request again keeps the engine from parsing it differently.
    tableCalls.forget(operation, body);
    gate.pass(caller, operation);
    var answer = engine.call(operation, StrictJson.bytes(body));
    tableCalls.forget(operation, body);
    return tableCalls.localized(operation, answer);
  }

  private void authorize(String operation, ObjectNode body, Identity caller, Context context) {
    var accesses = accesses(operation, body, caller);
    for (var access : accesses) {
      gate.require(caller, access.action(), access.resource(), context.and(access.context()));
    }
    if (!accesses.stream().allMatch(Access::exists)) {
      throw new AwsFault(Code.NOT_FOUND, "Requested resource not found");
    }
  }

  private List<Access> accesses(String operation, ObjectNode body, Identity caller) {
    var accesses =
        operations
            .accesses(operation, body)
            .orElseThrow(() ->
                gate.refuse(
                    caller,
                    "dynamodb:" + operation,
                    "*",
                    "because this local AWS does not support the " + operation + " operation"));
    Members.known(body);
    if (accesses.isEmpty()) {
      throw AwsFault.validation("The request accesses no item or table");
    }
    return accesses;
  }

  private static ObjectNode body(AwsRequest request) {
    if (!request.header("content-type").orElse("").equals(JSON)) {
      throw new AwsFault(Code.UNKNOWN_OPERATION, "");
    }
    try {
      return StrictJson.object(request.body());
    } catch (IOException e) {
      throw new AwsFault(Code.SERIALIZATION, "Invalid JSON");
    }
  }
}
