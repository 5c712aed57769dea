package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;

/** Ordinary requests of tenants, for tests of failures. */
record Scenario(House house) {
  /** Lists the tenant's newest order. */
  Answer list(Phone client, String tenant) {
    return client.ask(Ask.get("/orders?limit=1").as(token(tenant)));
  }

  /** Places an order. */
  Answer place(Phone client, String tenant) {
    return client.ask(Ask.of("POST", "/orders").json(Resident.plainOrder()).as(token(tenant)));
  }

  private String token(String tenant) {
    return house.tokens().of(tenant, "carol");
  }

  /** Returns the access key id of the tenant's current credentials. */
  String accessKey(String tenant) {
    return TenantContext.call(
        new Tenant(new TenantId(tenant), "free"),
        () -> house.crowbar().credentials().resolveCredentials().accessKeyId());
  }

  /** Returns the number of STS calls for tenants whose names start with the prefix. */
  long asked(String prefix) {
    return house.aws().aws().recorder().sessions(prefix);
  }
}
