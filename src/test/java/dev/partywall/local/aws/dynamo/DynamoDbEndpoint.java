package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.iam.AuthorizationGate;
import dev.partywall.local.aws.iam.IamPrincipal;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.io.IOException;
import java.util.List;

/**
 * DynamoDB with IAM enforcement. Authorizes each call by its caller's policies before forwarding it
 * to the engine.
 */
public final class DynamoDbEndpoint {
  private static final String JSON = "application/x-amz-json-1.0";

  private final AuthorizationGate gate;
  private final TablePermissions tableCalls;
  private final OperationPermissions operations;
  private final DynamoFaultMode faults;
  private final DelayedIndexes indexes;
  private final RecordedSettings settings;

  /** Creates an endpoint in front of {@code engine}. */
  public DynamoDbEndpoint(
      EngineClient engine,
      AuthorizationGate gate,
      String region,
      String account,
      DynamoFaultMode faults) {
    var tables = new EngineTables(engine, region, account);
    this.gate = gate;
    this.tableCalls = new TablePermissions(tables);
    this.operations = new OperationPermissions(tables, tableCalls);
    this.faults = faults;
    this.indexes = new DelayedIndexes(engine, tables, faults, System::nanoTime);
    this.settings = new RecordedSettings(tables);
  }

  /** Returns the operation of a request; empty if it is not an operation of this API. */
  public static String operation(AwsRequest request) {
    var target = request.header("x-amz-target").orElse("");
    return target.startsWith(EngineClient.API) ? target.substring(EngineClient.API.length()) : "";
  }

  /**
   * Handles a request of an authenticated caller.
   *
   * @throws AwsFault if the request is rejected
   */
  public AwsResponse handle(AwsRequest request, IamPrincipal caller, RequestContext context) {
    var operation = operation(request);
    if (!operation.matches("[A-Z][A-Za-z]{1,60}")) {
      throw new AwsFault(AwsErrorCode.UNKNOWN_OPERATION, "");
    }
    var body = body(request);
    authorize(operation, body, caller, context.merge(RequestFacts.consumedCapacity(body)));
    return faults
        .failure(operation, body)
        .or(() -> settings.response(operation, body))
        .orElseGet(() -> forward(operation, body, caller));
  }

  private AwsResponse forward(String operation, ObjectNode body, IamPrincipal caller) {
    // Serializing the evaluated request again keeps the engine from parsing it differently.
    tableCalls.invalidateSchema(operation, body);
    gate.recordForwarded(caller, operation);
    var answer = indexes.call(operation, body);
    tableCalls.invalidateSchema(operation, body);
    if (operation.equals("DeleteTable") && answer.status() == 200) {
      indexes.forget(body.path("TableName").asText());
    }
    return tableCalls.replaceArns(operation, settings.complete(operation, body, answer));
  }

  private void authorize(
      String operation, ObjectNode body, IamPrincipal caller, RequestContext context) {
    var accesses = accesses(operation, body, caller);
    for (var access : accesses) {
      gate.requireAllowed(
          caller, access.action(), access.resource(), context.merge(access.context()));
    }
    if (!accesses.stream().allMatch(RequiredPermission::tableExists)) {
      throw new AwsFault(AwsErrorCode.NOT_FOUND, "Requested resource not found");
    }
  }

  private List<RequiredPermission> accesses(
      String operation, ObjectNode body, IamPrincipal caller) {
    var accesses =
        operations
            .requiredPermissions(operation, body)
            .orElseThrow(() ->
                gate.deny(
                    caller,
                    "dynamodb:" + operation,
                    "*",
                    "because this local AWS does not support the " + operation + " operation"));
    RequestMembers.requireKnown(body);
    if (accesses.isEmpty()) {
      throw AwsFault.validation("The request accesses no item or table");
    }
    return accesses;
  }

  private static ObjectNode body(AwsRequest request) {
    if (!request.header("content-type").orElse("").equals(JSON)) {
      throw new AwsFault(AwsErrorCode.UNKNOWN_OPERATION, "");
    }
    try {
      return StrictJson.object(request.body());
    } catch (IOException e) {
      throw new AwsFault(AwsErrorCode.SERIALIZATION, "Invalid JSON");
    }
  }
}
