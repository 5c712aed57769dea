package dev.partywall.bench.stub;

/** Dispatches requests to DynamoDB, STS or the issuer. */
final class StubRouter {
  private final StubDynamo dynamo;
  private final StubIssuer issuer;

  StubRouter(StubDynamo dynamo, StubIssuer issuer) {
    this.dynamo = dynamo;
    this.issuer = issuer;
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
      case "/token" -> StubResponse.text(issuer.token(request));
      case "/tokens" -> StubResponse.text(issuer.tokens(request));
      case "/busy" -> StubResponse.text(dynamo.ledger().busyTimes());
      case "/expected" -> StubResponse.json(StubOrders.asResponse());
      default -> StubResponse.notFound();
    };
  }
}
