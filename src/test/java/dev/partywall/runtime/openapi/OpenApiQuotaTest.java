package dev.partywall.runtime.openapi;

import static dev.partywall.runtime.openapi.OpenApiFixture.END;
import static dev.partywall.runtime.openapi.OpenApiFixture.READ;
import static dev.partywall.runtime.openapi.OpenApiFixture.assemble;
import static dev.partywall.runtime.openapi.OpenApiFixture.offering;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Route;
import dev.partywall.service.Offering;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiQuotaTest {
  private final JsonNode api =
      assemble(
          Offering.of(
              "notes",
              List.of(
                  READ,
                  Route.open("GET", "/open", END),
                  Route.operator("GET", "/admin", "notes:admin", END))));

  @Test
  void everyResponseToATenantStatesItsQuotas() {
    for (var status : List.of("2XX", "400", "403", "429", "4XX", "503")) {
      var response = response(api, "/notes/{id}", status);
      assertTrue(response.at("/headers").has("RateLimit"), status);
      assertTrue(response.at("/headers").has("RateLimit-Policy"), status);
    }
  }

  @Test
  void responsesToOthersStateNoQuotas() {
    assertEquals(
        List.of("WWW-Authenticate"),
        response(api, "/notes/{id}", "401")
            .get("headers")
            .propertyStream()
            .map(Map.Entry::getKey)
            .toList());
    assertFalse(response(api, "/open", "2XX").has("headers"));
    assertFalse(response(api, "/admin", "2XX").has("headers"));
  }

  @Test
  void onlyResponsesToTokensCanExceedAQuota() {
    assertFalse(responses(api, "/open").has("429"));
    assertEquals(
        List.of("Retry-After", "RateLimit-Policy", "RateLimit"),
        response(api, "/admin", "429")
            .get("headers")
            .propertyStream()
            .map(Map.Entry::getKey)
            .toList());
  }

  @Test
  void theResponsesThatACapabilityDeclaresStateTheQuotas() {
    var description =
        """
        {"paths":{"/notes/{id}":{"get":{"responses":{
           "200":{"$ref":"#/components/responses/Note"},
           "404":{"description":"No note.","headers":{"RateLimit":{"description":"Own."}}}}}}},
         "components":{"responses":{"Note":{"description":"A note."}}}}
        """;
    var declared = assemble(offering("notes", List.of(READ), description));
    assertTrue(response(declared, "/notes/{id}", "200").get("headers").has("RateLimit"));
    var missing = response(declared, "/notes/{id}", "404").get("headers");
    assertEquals("Own.", missing.at("/RateLimit/description").asText());
    assertTrue(missing.has("RateLimit-Policy"));
  }

  private static JsonNode responses(JsonNode api, String path) {
    return api.get("paths").get(path).get("get").get("responses");
  }

  private static JsonNode response(JsonNode api, String path, String status) {
    var response = responses(api, path).get(status);
    return response.has("$ref") ? api.at(response.get("$ref").asText().substring(1)) : response;
  }
}
