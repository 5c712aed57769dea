package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class RepeatedRegistrationTest {
  private TenantsFixture tenants;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
  }

  @AfterEach
  void stop() throws IOException {
    tenants.close();
  }

  @Test
  void repeatsTheResponseToTheSameContent() {
    var first = tenants.post(ACME, "Idempotency-Key", "\"k1\"");
    tenants.clock.advance(Duration.ofHours(1));
    var reordered =
        "{\"tier\":\"premium\",\"id\":\"acme\",\"placement\":{\"kind\":\"pool\"},"
            + "\"overrides\":{},\"issuers\":[],\"name\":\"Acme GmbH\"}";
    for (var again :
        List.of(tenants.post(ACME, "Idempotency-Key", "\"k2\""), tenants.post(reordered))) {
      assertEquals(201, again.status());
      assertEquals(first.text(), again.text());
      assertEquals(Optional.of("/tenants/acme"), again.header("Location"));
      assertEquals("\"1\"", again.etag());
    }
    assertEquals(
        """
        olga operator acme POST /tenants done 201
        olga operator acme POST /tenants repeated 201
        olga operator acme POST /tenants repeated 201\
        """,
        tenants.audited("/tenants/acme"));
  }

  @Test
  void repeatsTheResponseAfterTheTenantWasSuspended() {
    var first = tenants.post(ACME);
    tenants.clock.advance(Duration.ofHours(1));
    assertEquals(200, tenants.patch("acme", "*", "{\"status\":\"suspended\"}").status());
    var again = tenants.post(ACME);
    assertEquals(201, again.status());
    assertEquals(first.text(), again.text());
    assertEquals("\"1\"", again.etag());
    assertEquals("suspended", tenants.get("/tenants/acme").json().get("status").textValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"acme\",\"name\":\"Acme AG\",\"tier\":\"premium\"}",
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"free\"}",
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"overrides\":{\"burst\":1}}",
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"issuers\":[\"https://idp0.example\"]}",
        "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\",\"placement\":{\"kind\":\"pool\",\"shards\":2}}"
      })
  void rejectsOtherContentForAnExistingId(String other) {
    var first = tenants.post(ACME);
    var response = tenants.post(other);
    assertEquals(409, response.status());
    assertEquals("tenant-exists", response.problem());
    assertEquals("A different tenant with this id exists.", response.detail());
    assertEquals(first.text(), tenants.get("/tenants/acme").text());
  }

  @Test
  void registersOneTenantPerIdempotencyKey() {
    var body = "{\"name\":\"N\",\"tier\":\"free\"}";
    var first = tenants.post(body, "Idempotency-Key", "\"k\"");
    tenants.clock.advance(Duration.ofHours(1));
    var again = tenants.post(body, "Idempotency-Key", "k");
    assertEquals(201, again.status());
    assertEquals(first.text(), again.text());
    assertEquals(first.header("Location"), again.header("Location"));
    var id = first.json().get("id").textValue();
    assertEquals(
        "olga operator %s POST /tenants done 201\nolga operator %s POST /tenants repeated 201"
            .formatted(id, id),
        tenants.audited("/tenants/" + id));
    var other = tenants.post(body.replace("N", "M"), "Idempotency-Key", "k");
    assertEquals(422, other.status());
    assertEquals("idempotency-key-reused", other.problem());
    var second =
        tenants.send(
            "otto", TenantsFixture.SCOPES, "POST", "/tenants", body, "Idempotency-Key", "k");
    assertEquals(201, second.status());
    assertNotEquals(id, second.json().get("id").textValue());
  }

  @Test
  void leavesTheKeyOfARejectedRequestUnused() {
    assertEquals(422, tenants.post("{\"tier\":\"free\"}", "Idempotency-Key", "k").status());
    assertEquals(409, conflict("k"));
    assertEquals(
        201, tenants.post("{\"name\":\"N\",\"tier\":\"free\"}", "Idempotency-Key", "k").status());
  }

  private int conflict(String key) {
    tenants.post(ACME);
    return tenants.post(ACME.replace("premium", "free"), "Idempotency-Key", key).status();
  }
}
