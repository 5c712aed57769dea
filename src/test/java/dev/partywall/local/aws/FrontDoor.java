package dev.partywall.local.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.partywall.local.aws.dynamo.DynamoDb;
import dev.partywall.local.aws.iam.Context;
import dev.partywall.local.aws.iam.Recorder;
import dev.partywall.local.aws.sigv4.Verifier;
import dev.partywall.local.aws.sts.Sts;
import dev.partywall.local.aws.sts.Xml;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsRequest;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.Code;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives every request: counts it, verifies its signature, passes it to its service and writes
 * the response in the format of that service.
 */
final class FrontDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Verifier verifier;
  private final Sts sts;
  private final DynamoDb dynamo;
  private final Recorder recorder;
  private final Weather stsFaults;
  private final Weather dynamoFaults;
  private final AwsConfig config;

  FrontDoor(
      Verifier verifier,
      Sts sts,
      DynamoDb dynamo,
      Recorder recorder,
      Weather stsFaults,
      Weather dynamoFaults,
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
    var wire = new Wire(exchange);
    var response = respond(wire, isDynamo, faults, requestId);
    if (faults.isGone()) {
      exchange.close();
    } else {
      wire.answer(response, requestId);
    }
  }

  private AwsResponse respond(Wire wire, boolean isDynamo, Weather faults, String requestId)
      throws IOException {
    try {
      var request = wire.request();
      recorder.called(
          isDynamo ? "dynamodb:" + DynamoDb.operation(request) : "sts:" + Sts.action(request));
      if (!isDynamo) {
        Sts.session(request).ifPresent(recorder::asked);
      }
      faults.pass();
      requirePostToRoot(request);
      return isDynamo ? dynamo(request) : sts(request, requestId);
    } catch (AwsFault fault) {
      return errorResponse(isDynamo, fault, requestId);
    } catch (RuntimeException e) {
      LOG.error("Local AWS request failed", e);
      return errorResponse(isDynamo, new AwsFault(Code.INTERNAL, "Internal failure"), requestId);
    }
  }

  private AwsResponse dynamo(AwsRequest request) {
    return dynamo.answer(request, verifier.verify(request, "dynamodb"), context(request));
  }

  private AwsResponse sts(AwsRequest request, String requestId) {
    return sts.answer(request, verifier.verify(request, "sts"), context(request), requestId);
  }

  private static AwsResponse errorResponse(boolean isDynamo, AwsFault fault, String requestId) {
    return isDynamo ? AwsResponse.json(fault) : Xml.error(fault, requestId);
  }

  /** Rejects other methods and paths, and query strings, so presigned requests are rejected. */
  private static void requirePostToRoot(AwsRequest request) {
    if (!request.method().equals("POST")
        || !request.path().equals("/")
        || !request.query().isEmpty()) {
      throw new AwsFault(Code.MISSING_TOKEN, "Request is missing Authentication Token");
    }
  }

  private Context context(AwsRequest request) {
    var now = config.clock().instant();
    return Context.EMPTY
        .with("aws:SourceIp", request.sourceIp())
        .with("aws:CurrentTime", now.toString())
        .with("aws:EpochTime", String.valueOf(now.getEpochSecond()))
        .with("aws:RequestedRegion", config.region())
        .with("aws:SecureTransport", "false")
        .with("aws:UserAgent", request.header("user-agent").orElse(""));
  }
}
