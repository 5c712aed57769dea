package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.tenants.TenantsFixture.TenantsResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ListTenantsTest {
  private static TenantsFixture tenants;

  /** Registers tenants in another order than that of their ids. */
  @BeforeAll
  static void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
    for (var id : List.of("c", "a", "e", "b-1", "d", "b")) {
      assertEquals(201, tenants.register(id).status());
    }
    assertEquals(200, tenants.patch("c", "*", "{\"status\":\"suspended\"}").status());
    assertEquals(200, tenants.patch("d", "*", "{\"status\":\"suspended\"}").status());
    assertEquals(200, tenants.patch("d", "*", "{\"tier\":\"premium\"}").status());
    assertEquals(200, tenants.patch("e", "*", "{\"tier\":\"premium\"}").status());
  }

  @AfterAll
  static void stop() throws IOException {
    tenants.close();
  }

  private static String ids(TenantsResponse response) {
    return response
        .json()
        .required("tenants")
        .valueStream()
        .map(tenant -> tenant.get("id").asText())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "'',                           a b b-1 c d e",
    "?status=active,               a b b-1 e",
    "?status=suspended,            c d",
    "?tier=premium,                d e",
    "?status=suspended&tier=free,  c",
    "?status=offboarded,           ''",
    "?tier=gold,                   ''",
  })
  void filtersTheTenantsInTheOrderOfTheirIds(String query, String expected) {
    var response = tenants.get("/tenants" + query);
    assertEquals(200, response.status());
    assertEquals(expected, ids(response));
    assertFalse(response.json().has("next"));
    assertEquals(Optional.of("private, no-cache"), response.header("Cache-Control"));
  }

  @Test
  void containsTheSameRepresentationAsTheTenant() {
    var listed = tenants.get("/tenants?limit=1").json().get("tenants").get(0);
    assertEquals(tenants.get("/tenants/a").json(), listed);
  }

  @Test
  void continuesAfterEachPage() {
    var first = tenants.get("/tenants?limit=4");
    assertEquals("a b b-1 c", ids(first));
    var second = tenants.get("/tenants?cursor=" + next(first));
    assertEquals("d e", ids(second));
    assertFalse(second.json().has("next"));
    assertEquals("d", ids(tenants.get("/tenants?limit=1&cursor=" + next(first))));
    var active = tenants.get("/tenants?status=active&limit=2");
    assertEquals("a b", ids(active));
    assertEquals("b-1 e", ids(tenants.get("/tenants?status=active&cursor=" + next(active))));
  }

  @Test
  void acceptsACursorOnlyForTheSameFilters() {
    var next = next(tenants.get("/tenants?status=active&limit=2"));
    assertEquals(400, tenants.get("/tenants?cursor=" + next).status());
    assertEquals(400, tenants.get("/tenants?status=suspended&cursor=" + next).status());
    assertEquals(400, tenants.get("/tenants?tier=active&cursor=" + next).status());
  }

  private static String next(TenantsResponse response) {
    JsonNode next = response.json().required("next");
    return next.textValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0             | The parameter limit must be a number from 1 to 100.",
        "limit=101           | The parameter limit must be a number from 1 to 100.",
        "limit=2&limit=2     | The parameter limit is repeated.",
        "tier=free&tier=free | The parameter tier is repeated.",
        "status=gone         | The parameter status must be one of provisioning, active, failed, "
            + "suspended, offboarding, offboarded.",
        "status=             | The parameter status must be one of provisioning, active, failed, "
            + "suspended, offboarding, offboarded.",
        "tier=               | The parameter tier must be the name of a tier.",
        "cursor=x            | The cursor does not belong to this list.",
        "name=Acme           | The parameter name is unknown.",
      })
  void rejectsInvalidParameters(String query, String detail) {
    var response = tenants.get("/tenants?" + query);
    assertEquals(400, response.status());
    assertEquals(detail, response.detail());
  }

  @Test
  void readsATenantWithoutChangingIt() {
    assertEquals(200, tenants.get("/tenants/a").status());
    // The entity tag does not change with the tenant's operation.
    assertEquals(200, tenants.get("/tenants/a", "If-None-Match", "\"1\"").status());
    assertEquals(200, tenants.get("/tenants/a", "If-None-Match", "*").status());
    assertEquals(404, tenants.get("/tenants/zz").status());
    assertEquals(404, tenants.get("/tenants/A").status());
    assertEquals(400, tenants.get("/tenants/a?fields=name").status());
    var admin = tenants.send("olga", "tenants:admin", "GET", "/tenants/a", null);
    assertEquals(403, admin.status());
    assertEquals(403, tenants.send("olga", "tenants:admin", "GET", "/tenants", null).status());
  }
}
