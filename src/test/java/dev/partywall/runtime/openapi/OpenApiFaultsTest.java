package dev.partywall.runtime.openapi;

import static dev.partywall.runtime.openapi.OpenApiFixture.END;
import static dev.partywall.runtime.openapi.OpenApiFixture.NOTES;
import static dev.partywall.runtime.openapi.OpenApiFixture.READ;
import static dev.partywall.runtime.openapi.OpenApiFixture.WRITE;
import static dev.partywall.runtime.openapi.OpenApiFixture.assertRejected;
import static dev.partywall.runtime.openapi.OpenApiFixture.notes;
import static dev.partywall.runtime.openapi.OpenApiFixture.offering;

import dev.partywall.http.Route;
import dev.partywall.service.Offering;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiFaultsTest {
  @Test
  void rejectsRoutesAndOperationsWithoutEachOther() {
    var description =
        "{\"paths\":{\"/notes\":{\"post\":{},\"get\":{}},\"/notes/{note}\":{\"get\":{}}}}";
    var routes = List.of(READ, Route.of("POST", "/notes", "notes:write", END), WRITE);
    assertRejected(
        """
        notes: GET /notes/{id} has no description
        notes: PUT /notes/{id} has no description
        notes: GET /notes has no route
        notes: GET /notes/{note} has no route\
        """,
        offering("notes", routes, description));
  }

  @Test
  void rejectsAnotherScopeThanThatOfTheRoute() {
    assertRejected(
        """
        notes: the security of GET /notes/{id} is [{"bearer":["notes:write"]}], \
        but its route requires [{"bearer":["notes:read"]}]\
        """,
        offering(
            "notes",
            List.of(READ),
            "{\"paths\":{\"/notes/{id}\":{\"get\":"
                + "{\"security\":[{\"bearer\":[\"notes:write\"]}]}}}}"));
  }

  @Test
  void rejectsAQueryParameterOfTheRouteThatHasNoDescription() {
    assertRejected(
        "notes: the query parameter size of GET /notes/{id} has no description",
        offering(
            "notes",
            List.of(READ.withQuery("text", "size")),
            """
            {"paths":{"/notes/{id}":{"get":{"parameters":[
              {"name":"text","in":"query","schema":{"type":"string"}},
              {"name":"size","in":"header","schema":{"type":"string"}}]}}}}
            """));
  }

  @Test
  void rejectsDifferentDeclarationsOfAnOperationAndOfAComponent() {
    var shop =
        offering(
            "shop",
            List.of(READ),
            """
            {"paths":{"/notes/{id}":{"get":{}}},
             "components":{"schemas":{"Note":{"type":"object"},"Problem":{}}}}
            """);
    assertRejected(
        """
        The declarations of notes and shop differ: schemas Note
        The declarations of shop and kernel differ: schemas Problem
        The declarations of notes and shop differ: /notes/{id} get\
        """,
        notes(NOTES),
        shop);
  }

  @Test
  void rejectsACapabilityThatDeclaresARouteOfTheKernel() {
    var usage = Offering.of("shop", List.of(Route.of("GET", "/usage", "usage:read", END)));
    assertRejected("The declarations of shop and kernel differ: /usage get", usage);
  }

  @ParameterizedTest
  @CsvSource({
    "#/components/schemas/Missing",
    "#/components/schemas/Note/properties/text",
    "#/paths/~1notes~1{id}/get",
    "https://example.com/openapi.json#/components/schemas/Note",
    "Note",
  })
  void rejectsReferencesWithoutATarget(String reference) {
    var description = NOTES.replace("#/components/schemas/Note", reference);
    assertRejected("notes: the reference " + reference + " has no target", notes(description));
  }

  @Test
  void namesTheCapabilityOfTheComponentThatContainsTheReference() {
    var shop = "{\"components\":{\"schemas\":{\"Shop\":{\"$ref\":\"#/components/schemas/Gone\"}}}}";
    assertRejected(
        "shop: the reference #/components/schemas/Gone has no target",
        notes(NOTES.replace("schemas/Note", "schemas/Shop")),
        offering("shop", List.of(), shop));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "{                      | notes: The description is not JSON: line 1, column 2.",
        "[]                     | notes: must be an object",
        "{'tags':{}}            | notes: /tags: is unknown; known: components, info, paths",
        "{'info':'Notes'}       | notes: /info: must be an object",
        "{'paths':[]}           | notes: /paths: must be an object",
        "{'paths':{'/a':1}}     | notes: /paths/~1a: must be an object",
        "{'paths':{'/a':{'get':1}}} | notes: /paths/~1a/get: must be an object",
        "{'components':{'schemas':1}} | notes: /components/schemas: must be an object",
      })
  void rejectsAnInvalidStructure(String description, String fault) {
    assertRejected(fault, offering("notes", List.of(), description.replace('\'', '"')));
  }
}
