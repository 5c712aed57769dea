package dev.partywall.runtime.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.service.Offering;
import dev.partywall.storage.Meters;
import java.util.List;
import java.util.Optional;

/** Capabilities with a description, and the assembly of a document. */
final class OpenApiFixture {
  static final OpenApiDocument.ServiceInfo SHOP = new OpenApiDocument.ServiceInfo("shop", "1.2.3");
  static final Handler END = _ -> Response.of(204);
  static final List<Route> KERNEL =
      List.of(
          new Route("GET", "/tenant", new Route.Access.Authenticated(), END),
          Route.of("GET", "/usage", "usage:read", END));
  static final Route READ = Route.of("GET", "/notes/{id}", "notes:read", END);
  static final Route WRITE = Route.of("PUT", "/notes/{id}", "notes:write", END);

  static final String NOTES =
      """
      {"paths":{"/notes/{id}":{
        "get":{"summary":"Returns a note.","responses":{
          "200":{"description":"The note.","content":{"application/json":{"schema":
            {"$ref":"#/components/schemas/Note"}}}},
          "404":{"$ref":"#/components/responses/NotFound"}}},
        "put":{"requestBody":{"required":true,"content":{"application/json":{}}},
          "responses":{"204":{"description":"The note is written."}}}}},
       "components":{"schemas":{"Note":{"type":"string"},"Unused":{"type":"null"}}}}
      """;

  private OpenApiFixture() {}

  static Offering notes(String description) {
    return offering("notes", List.of(READ, WRITE), description);
  }

  static Offering offering(String name, List<Route> routes, String description) {
    return new Offering(name, routes, Optional.of(description));
  }

  static JsonNode assemble(Offering... offerings) {
    return assemble(new Meters(), offerings);
  }

  static JsonNode assemble(Meters meters, Offering... offerings) {
    return content(OpenApiDocument.routes(SHOP, List.of(offerings), meters, KERNEL).getLast());
  }

  static Response send(Route route) {
    return route.handler().handle(Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE));
  }

  static JsonNode content(Route route) {
    return Json.parse(send(route).body());
  }

  static void assertRejected(String faults, Offering... offerings) {
    var thrown =
        assertThrows(OpenApiDocument.InvalidDescriptionException.class, () -> assemble(offerings));
    assertEquals("The API description is invalid:\n" + faults, thrown.getMessage());
  }
}
