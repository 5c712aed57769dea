package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;

/** Plain traffic of tenants who are nobody's victim, for tests of what goes wrong around them. */
record Scenario(House house) {
  /** Lists a tenant's newest order. */
  Answer list(Phone phone, String tenant) {
    return phone.ask(Ask.get("/orders?limit=1").as(token(tenant)));
  }

  /** Places an order. */
  Answer place(Phone phone, String tenant) {
    return phone.ask(Ask.of("POST", "/orders").json(Resident.plainOrder()).as(token(tenant)));
  }

  private String token(String tenant) {
    return house.tokens().of(tenant, "carol");
  }

  /** The key by which AWS knows the tenant now. */
  String accessKey(String tenant) {
    return TenantContext.call(
        new Tenant(new TenantId(tenant), "free"),
        () -> house.crowbar().credentials().resolveCredentials().accessKeyId());
  }

  /** How often STS has been asked for credentials of tenants whose names start so. */
  long asked(String tenants) {
    return house.aws().aws().recorder().sessions(tenants);
  }
}
