package dev.partywall.bench.stub;

/** Who of the three is asked. */
final class Router {
  private final Dynamo dynamo;
  private final Issuer issuer;

  Router(Dynamo dynamo, Issuer issuer) {
    this.dynamo = dynamo;
    this.issuer = issuer;
  }

  byte[] answer(Question question) {
    if (!question.operation().isEmpty()) {
      return dynamo.answer(question);
    }
    if (question.method().equals("POST")) {
      return Sts.assumeRole(question);
    }
    return switch (question.path()) {
      case "/.well-known/openid-configuration" -> Answer.json(issuer.configuration());
      case "/jwks" -> Answer.json(issuer.keys());
      case "/token" -> Answer.text(issuer.token(question));
      case "/tokens" -> Answer.text(issuer.tokens(question));
      case "/expected" -> Answer.json(SampleOrders.asAnswer());
      default -> Answer.notFound();
    };
  }
}
