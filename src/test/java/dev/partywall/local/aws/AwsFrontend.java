package dev.partywall.local.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.partywall.local.aws.dynamo.DynamoDbEndpoint;
import dev.partywall.local.aws.iam.AwsCallRecorder;
import dev.partywall.local.aws.iam.RequestContext;
import dev.partywall.local.aws.sigv4.SignatureVerifier;
import dev.partywall.local.aws.sts.StsEndpoint;
import dev.partywall.local.aws.sts.StsXml;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives every request: counts it, verifies its signature, passes it to its service and writes
 * the response in the format of that service.
 */
final class AwsFrontend implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AwsFrontend.class);

  private final SignatureVerifier verifier;
  private final StsEndpoint sts;
  private final DynamoDbEndpoint dynamo;
  private final AwsCallRecorder recorder;
  private final FaultInjection stsFaults;
  private final FaultInjection dynamoFaults;
  private final AwsConfig config;

  AwsFrontend(
      SignatureVerifier verifier,
      StsEndpoint sts,
      DynamoDbEndpoint dynamo,
      AwsCallRecorder recorder,
      FaultInjection stsFaults,
      FaultInjection dynamoFaults,
      AwsConfig config) {
    this.verifier = verifier;
    this.sts = sts;
    this.dynamo = dynamo;
    this.recorder = recorder;
    this.stsFaults = stsFaults;
    this.dynamoFaults = dynamoFaults;
    this.config = config;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    // DynamoDB requires an x-amz-target header; STS has none.
    var isDynamo = exchange.getRequestHeaders().containsKey("X-Amz-Target");
    var faults = isDynamo ? dynamoFaults : stsFaults;
    var requestId = UUID.randomUUID().toString();
    var wire = new AwsExchange(exchange);
    // The server closes the connection of an exchange that ends with an exception.
    wire.respond(respond(wire, isDynamo, faults, requestId), requestId);
  }

  private AwsResponse respond(
      AwsExchange wire, boolean isDynamo, FaultInjection faults, String requestId)
      throws IOException {
    try {
      var request = wire.readRequest();
      recorder.recordCall(
          isDynamo
              ? "dynamodb:" + DynamoDbEndpoint.operation(request)
              : "sts:" + StsEndpoint.action(request),
          request);
      if (!isDynamo) {
        StsEndpoint.sessionName(request).ifPresent(recorder::recordRequestedSession);
      }
      faults.apply();
      requirePostToRoot(request);
      return isDynamo ? dynamo(request) : sts(request, requestId);
    } catch (AwsFault fault) {
      return errorResponse(isDynamo, fault, requestId);
    } catch (RuntimeException e) {
      LOG.error("Local AWS request failed", e);
      return errorResponse(
          isDynamo, new AwsFault(AwsErrorCode.INTERNAL, "Internal failure"), requestId);
    }
  }

  private AwsResponse dynamo(AwsRequest request) {
    return dynamo.handle(request, verifier.verify(request, "dynamodb"), context(request));
  }

  private AwsResponse sts(AwsRequest request, String requestId) {
    var response =
        sts.handle(request, verifier.verify(request, "sts"), context(request), requestId);
    StsEndpoint.sessionName(request).ifPresent(recorder::recordIssuedSession);
    return response;
  }

  private static AwsResponse errorResponse(boolean isDynamo, AwsFault fault, String requestId) {
    return isDynamo ? AwsResponse.json(fault) : StsXml.error(fault, requestId);
  }

  /** Rejects other methods and paths, and query strings, so presigned requests are rejected. */
  private static void requirePostToRoot(AwsRequest request) {
    if (!request.method().equals("POST")
        || !request.path().equals("/")
        || !request.query().isEmpty()) {
      throw new AwsFault(AwsErrorCode.MISSING_TOKEN, "Request is missing Authentication Token");
    }
  }

  private RequestContext context(AwsRequest request) {
    var now = config.clock().instant();
    return RequestContext.EMPTY
        .with("aws:SourceIp", request.sourceIp())
        .with("aws:CurrentTime", now.toString())
        .with("aws:EpochTime", String.valueOf(now.getEpochSecond()))
        .with("aws:RequestedRegion", config.region())
        .with("aws:ResourceAccount", config.account())
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:ViaAWSService", "false")
        .with("aws:SecureTransport", "false")
        .with("aws:UserAgent", request.header("user-agent").orElse(""));
  }
}
