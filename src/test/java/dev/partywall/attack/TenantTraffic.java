package dev.partywall.attack;

import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;

/** Ordinary requests of tenants, for tests of failures. */
record TenantTraffic(AttackFixture fixture) {
  /** Lists the tenant's newest order. */
  RawResponse list(AttackHttpClient client, String tenant) {
    return client.send(ApiRequest.get("/orders?limit=1").withToken(token(tenant)));
  }

  /** Places an order. */
  RawResponse place(AttackHttpClient client, String tenant) {
    return client.send(
        ApiRequest.of("POST", "/orders")
            .withJson(SeededTenant.plainOrderJson())
            .withToken(token(tenant)));
  }

  private String token(String tenant) {
    return fixture.tokens().of(tenant, "carol");
  }

  /** Returns the access key id of the tenant's current credentials. */
  String accessKey(String tenant) {
    return TenantContext.call(
        fixture.placements().tenant(new TenantId(tenant)),
        () -> fixture.rawClient().credentials().resolveCredentials().accessKeyId());
  }

  /** Returns the number of STS calls for tenants whose names start with the prefix. */
  long credentialRequests(String prefix) {
    return fixture.aws().aws().recorder().requestedSessionCount(prefix);
  }

  /** Returns the number of credentials issued to tenants whose names start with the prefix. */
  long issuedCredentials(String prefix) {
    return fixture.aws().aws().recorder().issuedSessionCount(prefix);
  }
}
