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

/** Where every request comes in: counted, verified, handed to its service, answered in its form. */
final class FrontDoor implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private final Verifier verifier;
  private final Sts sts;
  private final DynamoDb dynamo;
  private final Recorder recorder;
  private final Weather stsWeather;
  private final Weather dynamoWeather;
  private final AwsConfig config;

  FrontDoor(
      Verifier verifier,
      Sts sts,
      DynamoDb dynamo,
      Recorder recorder,
      Weather stsWeather,
      Weather dynamoWeather,
      AwsConfig config) {
    this.verifier = verifier;
    this.sts = sts;
    this.dynamo = dynamo;
    this.recorder = recorder;
    this.stsWeather = stsWeather;
    this.dynamoWeather = dynamoWeather;
    this.config = config;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    // STS knows no x-amz-target, and DynamoDB does nothing without one.
    var isDynamo = exchange.getRequestHeaders().containsKey("X-Amz-Target");
    var weather = isDynamo ? dynamoWeather : stsWeather;
    var requestId = UUID.randomUUID().toString();
    var wire = new Wire(exchange);
    var answer = answer(wire, isDynamo, weather, requestId);
    if (weather.isGone()) {
      exchange.close();
    } else {
      wire.answer(answer, requestId);
    }
  }

  private AwsResponse answer(Wire wire, boolean isDynamo, Weather weather, String requestId)
      throws IOException {
    try {
      var request = wire.request();
      recorder.called(
          isDynamo ? "dynamodb:" + DynamoDb.operation(request) : "sts:" + Sts.action(request));
      if (!isDynamo) {
        Sts.session(request).ifPresent(recorder::asked);
      }
      weather.pass();
      rootOnly(request);
      return isDynamo ? dynamo(request) : sts(request, requestId);
    } catch (AwsFault fault) {
      return refusal(isDynamo, fault, requestId);
    } catch (RuntimeException e) {
      LOG.error("A defect of this wall, which lets nothing through", e);
      return refusal(isDynamo, new AwsFault(Code.INTERNAL, "Internal failure"), requestId);
    }
  }

  private AwsResponse dynamo(AwsRequest request) {
    return dynamo.answer(request, verifier.verify(request, "dynamodb"), context(request));
  }

  private AwsResponse sts(AwsRequest request, String requestId) {
    return sts.answer(request, verifier.verify(request, "sts"), context(request), requestId);
  }

  private static AwsResponse refusal(boolean isDynamo, AwsFault fault, String requestId) {
    return isDynamo ? AwsResponse.json(fault) : Xml.error(fault, requestId);
  }

  /** A signature in a query, too, ends here. */
  private static void rootOnly(AwsRequest request) {
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
