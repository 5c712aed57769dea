package dev.partywall.bench.stub;

/** Dispatches requests to DynamoDB, STS or the issuer. */
final class StubRouter {
  /** The path of the operators' issuer. */
  static final String OPERATORS = "/operators";

  private final StubDynamo dynamo;
  private final StubIssuer issuer;
  private final StubIssuer operators;

  StubRouter(StubDynamo dynamo, StubIssuer issuer, StubIssuer operators) {
    this.dynamo = dynamo;
    this.issuer = issuer;
    this.operators = operators;
  }

  byte[] respond(StubRequest request) {
    if (!request.operation().isEmpty()) {
      return dynamo.respond(request);
    }
    if (request.method().equals("POST")) {
      return StubSts.assumeRole(request);
    }
    return switch (request.path()) {
      case "/.well-known/openid-configuration" -> StubResponse.json(issuer.configuration());
      case "/jwks" -> StubResponse.json(issuer.keys());
      case OPERATORS + "/.well-known/openid-configuration" ->
          StubResponse.json(operators.configuration());
      case OPERATORS + "/jwks" -> StubResponse.json(operators.keys());
      case OPERATORS + "/token" -> StubResponse.text(operators.operatorToken());
      case "/token" -> StubResponse.text(issuer.token(request));
      case "/tokens" -> StubResponse.text(issuer.tokens(request));
      case "/busy" -> StubResponse.text(dynamo.ledger().busyTimes());
      case "/expected" -> StubResponse.json(StubOrders.asResponse());
      default -> StubResponse.notFound();
    };
  }
}
