package dev.partywall.bench.stub;

/** Dispatches requests to DynamoDB, STS or the issuer. */
final class Router {
  private final Dynamo dynamo;
  private final Issuer issuer;

  Router(Dynamo dynamo, Issuer issuer) {
    this.dynamo = dynamo;
    this.issuer = issuer;
  }

  byte[] answer(Question request) {
    if (!request.operation().isEmpty()) {
      return dynamo.answer(request);
    }
    if (request.method().equals("POST")) {
      return Sts.assumeRole(request);
    }
    return switch (request.path()) {
      case "/.well-known/openid-configuration" -> Answer.json(issuer.configuration());
      case "/jwks" -> Answer.json(issuer.keys());
      case "/token" -> Answer.text(issuer.token(request));
      case "/tokens" -> Answer.text(issuer.tokens(request));
      case "/expected" -> Answer.json(SampleOrders.asAnswer());
      default -> Answer.notFound();
    };
  }
}
