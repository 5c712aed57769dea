package dev.partywall.runtime.openapi;

import static dev.partywall.runtime.openapi.OpenApiFixture.END;
import static dev.partywall.runtime.openapi.OpenApiFixture.KERNEL;
import static dev.partywall.runtime.openapi.OpenApiFixture.NOTES;
import static dev.partywall.runtime.openapi.OpenApiFixture.READ;
import static dev.partywall.runtime.openapi.OpenApiFixture.SHOP;
import static dev.partywall.runtime.openapi.OpenApiFixture.assemble;
import static dev.partywall.runtime.openapi.OpenApiFixture.assertRejected;
import static dev.partywall.runtime.openapi.OpenApiFixture.content;
import static dev.partywall.runtime.openapi.OpenApiFixture.notes;
import static dev.partywall.runtime.openapi.OpenApiFixture.offering;
import static dev.partywall.runtime.openapi.OpenApiFixture.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.Declarations;
import dev.partywall.service.Offering;
import dev.partywall.storage.Meters;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
  @Test
  void addsTheMembersThatFollowFromTheRoute() {
    var api = assemble(notes(NOTES));
    assertJson(
        """
        {"summary":"Returns a note.",
         "responses":{
           "200":{"description":"The note.","content":{"application/json":{"schema":
             {"$ref":"#/components/schemas/Note"}}},"headers":{
             "RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"},
             "RateLimit":{"$ref":"#/components/headers/RateLimit"}}},
           "400":{"$ref":"#/components/responses/Malformed"},
           "401":{"$ref":"#/components/responses/Unauthenticated"},
           "403":{"$ref":"#/components/responses/Forbidden"},
           "404":{"$ref":"#/components/responses/NotFound"},
           "429":{"$ref":"#/components/responses/OverQuota"},
           "431":{"$ref":"#/components/responses/TooManyFields"},
           "503":{"$ref":"#/components/responses/Unavailable"}},
         "parameters":[
           {"name":"id","in":"path","required":true,"schema":{"type":"string"}}],
         "security":[{"bearer":["notes:read"]}]}
        """,
        api.at("/paths/~1notes~1{id}/get"));
    assertEquals(
        List.of("204", "400", "401", "403", "413", "415", "429", "431", "503"),
        names(api.at("/paths/~1notes~1{id}/put/responses")));
  }

  @Test
  void keepsTheMembersThatTheDescriptionStates() {
    var description =
        """
        {"paths":{"/notes/{id}":{
          "parameters":[{"name":"id","in":"path","required":true,"schema":{"const":"a"}}],
          "get":{"security":[{"bearer":["notes:read"]}],
            "responses":{"503":{"description":"Later."}}}}}}
        """;
    var brew = Route.open("BREW", "/coffee", END); // OpenAPI 3.1 cannot describe this method
    var api = assemble(offering("notes", List.of(READ, brew), description));
    assertEquals("Later.", get(api, "/responses/503/description").asText());
    assertTrue(get(api, "/parameters").isMissingNode());
  }

  @Test
  void describesRoutesWithoutADescription() {
    var routes =
        List.of(
            Route.of("PATCH", "/a/{x}/{y}", "a:write", END),
            Route.open("GET", "/open", END),
            Route.operator("GET", "/operators", "tenants:read", END),
            new Route("GET", "/any", new Route.Access.Authenticated(), END),
            Route.open("BREW", "/open", END));
    var api = assemble(Offering.of("a", routes));
    assertJson(
        """
        {"requestBody":{"content":{"application/json":{}}},
         "parameters":[
           {"name":"x","in":"path","required":true,"schema":{"type":"string"}},
           {"name":"y","in":"path","required":true,"schema":{"type":"string"}}],
         "responses":{
           "2XX":{"description":"The request succeeded.","content":{"*/*":{}},"headers":{
             "RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"},
             "RateLimit":{"$ref":"#/components/headers/RateLimit"}}},
           "400":{"$ref":"#/components/responses/Malformed"},
           "401":{"$ref":"#/components/responses/Unauthenticated"},
           "403":{"$ref":"#/components/responses/Forbidden"},
           "413":{"$ref":"#/components/responses/TooLarge"},
           "415":{"$ref":"#/components/responses/UnsupportedMediaType"},
           "429":{"$ref":"#/components/responses/OverQuota"},
           "431":{"$ref":"#/components/responses/TooManyFields"},
           "4XX":{"$ref":"#/components/responses/Rejected"},
           "503":{"$ref":"#/components/responses/Unavailable"}},
         "security":[{"bearer":["a:write"]}]}
        """,
        api.at("/paths/~1a~1{x}~1{y}/patch"));
    assertEquals(
        List.of("2XX", "400", "431", "4XX", "503"), names(api.at("/paths/~1open/get/responses")));
    assertEquals(List.of("get"), names(api.at("/paths/~1open")));
    assertJson("[]", api.at("/paths/~1open/get/security"));
    assertJson("[{\"bearer\":[\"tenants:read\"]}]", api.at("/paths/~1operators/get/security"));
    assertJson("[{\"bearer\":[]}]", api.at("/paths/~1any/get/security"));
    assertValid(api);
  }

  @Test
  void containsOnlyTheComponentsThatAreUsed() {
    var components = assemble(notes(NOTES)).get("components");
    assertEquals(List.of("schemas", "headers", "responses", "securitySchemes"), names(components));
    assertTrue(components.at("/schemas/Note").isObject());
    assertTrue(components.at("/schemas/Problem").isObject(), "used by a response");
    assertTrue(components.at("/schemas/Unused").isMissingNode());
    assertTrue(components.at("/responses/PreconditionFailed").isMissingNode());
  }

  @Test
  void namesTheService() {
    var plain = assemble(notes(NOTES)).get("info");
    assertEquals(List.of("title", "version", "description"), names(plain));
    assertEquals("shop", plain.get("title").asText());
    assertEquals("1.2.3", plain.get("version").asText());
    assertTrue(plain.get("description").asText().contains("`X-Request-Id`"), "of TraceFilter");
    var other = offering("other", List.of(), "{\"info\":{\"title\":\"Other\"}}");
    var last = offering("last", List.of(), "{\"info\":{\"title\":\"Last\",\"version\":\"7\"}}");
    var info = assemble(notes(NOTES), other, last).get("info");
    assertEquals("Other", info.get("title").asText());
    assertEquals("1.2.3", info.get("version").asText());
    assertEquals("7", assemble(last, other).at("/info/version").asText());
  }

  @Test
  void listsTheDeclaredMeters() {
    var meters = new Meters();
    meters.declare("bricks");
    var schemas = assemble(meters, notes(NOTES)).at("/components/schemas");
    assertEquals(
        List.of("requests", "bytesIn", "bytesOut", "readUnits", "writeUnits", "busyMs", "bricks"),
        names(schemas.at("/Meters/properties")));
    assertJson("{\"type\":\"integer\",\"minimum\":0}", schemas.at("/Meters/properties/bricks"));
    assertEquals("bricks", schemas.at("/Meters/required").path(6).asText());
  }

  @Test
  void describesOrdersAndNotesInOneValidDocument() {
    var declarations =
        Declarations.of(
            List.of(OrderRoutes::of, _ -> notes(NOTES.replace("Note\"", "Text\""))),
            Map.of(),
            InstantSource.system(),
            new SecureRandom());
    var api = content(declarations.routes("orders", KERNEL).getLast());
    assertValid(api);
    assertEquals(
        List.of("/orders", "/orders/{id}", "/notes/{id}", "/tenant", "/usage", "/openapi.json"),
        names(api.get("paths")));
    assertEquals("string", api.at("/components/schemas/Currency/type").asText());
    assertTrue(api.at("/components/schemas/Meters/properties").has("ordersPlaced"));
  }

  @Test
  void describesTheOperatorsRoutesIfTheServiceHasThem() {
    var all = Stream.concat(KERNEL.stream(), OperatorRoutes.all().stream()).toList();
    var api = content(OpenApiDocument.routes(SHOP, List.of(), new Meters(), all).getLast());
    assertValid(api);
    assertEquals(
        List.of(
            "/tenant",
            "/usage",
            "/openapi.json",
            "/tenants",
            "/tenants/{id}",
            "/tenants/{id}/receipt",
            "/tenants/{id}/usage",
            "/usage/tenants"),
        names(api.get("paths")));
    var patch = api.at("/paths/~1tenants~1{id}/patch");
    assertJson("[{\"bearer\":[\"tenants:admin\"]}]", patch.get("security"));
    assertEquals(
        List.of(
            "200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429",
            "431", "503"),
        names(patch.get("responses")));
    assertTrue(assemble().at("/components/schemas/Tenant").isMissingNode());
    var incomplete =
        assertThrows(
            OpenApiDocument.InvalidDescriptionException.class,
            () ->
                OpenApiDocument.routes(
                    SHOP, List.of(), new Meters(), all.subList(0, all.size() - 1)));
    assertEquals(
        "The API description is invalid:\noperators: GET /tenants/{id}/receipt has no route",
        incomplete.getMessage());
  }

  @Test
  void detectsAnInvalidDocument() {
    var member = NOTES.replace("\"summary\"", "\"sumary\"");
    var type = NOTES.replace("\"string\"", "\"text\"");
    for (var invalid : List.of(member, type)) {
      assertFalse(violations(assemble(notes(invalid))).isEmpty(), invalid);
    }
  }

  @Test
  void servesTheDocumentAsJsonWithoutAToken() {
    var route = OpenApiDocument.routes(SHOP, List.of(), new Meters(), KERNEL).getLast();
    assertEquals("GET", route.method());
    assertEquals("/openapi.json", route.template());
    assertEquals(new Route.Access.Open(), route.access());
    var response = send(route);
    assertEquals(200, response.status());
    assertEquals(Optional.of("application/json"), response.headers().first("Content-Type"));
  }

  @Test
  void acceptsTheSameDeclarationTwice() {
    var shop = "{\"components\":{\"schemas\":{\"Note\":{\"type\":\"string\"}}}}";
    assertEquals(assemble(notes(NOTES)), assemble(notes(NOTES), offering("shop", List.of(), shop)));
  }

  @Test
  void resolvesReferencesToParametersOfThePath() {
    var description =
        """
        {"paths":{"/notes/{id}":{
          "parameters":[{"$ref":"#/components/parameters/Id"}],"get":{}}},
         "components":{"parameters":{"Id":
           {"name":"id","in":"path","required":true,"schema":{"type":"string"}}}}}
        """;
    var api = assemble(offering("notes", List.of(READ), description));
    assertTrue(get(api, "/parameters").isMissingNode());
    assertRejected(
        "notes: the reference Id has no target",
        offering("notes", List.of(READ), description.replace("#/components/parameters/Id", "Id")));
  }

  private static JsonNode get(JsonNode api, String member) {
    return api.at("/paths/~1notes~1{id}/get" + member);
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void assertJson(String expected, JsonNode actual) {
    assertEquals(Json.parseStored(expected), actual);
  }

  private static void assertValid(JsonNode api) {
    assertEquals(List.of(), violations(api));
  }

  /** Returns the differences from the structure of OpenAPI 3.1, as far as the product uses it. */
  private static List<com.networknt.schema.Error> violations(JsonNode api) {
    try (var in = OpenApiDocumentTest.class.getResourceAsStream("structure.json")) {
      var structure = Json.parse(in.readAllBytes());
      var registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
      return registry.getSchema(structure).validate(api);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
