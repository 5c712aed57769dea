package dev.partywall.runtime.openapi;

import static dev.partywall.runtime.openapi.OpenApiFixture.END;
import static dev.partywall.runtime.openapi.OpenApiFixture.KERNEL;
import static dev.partywall.runtime.openapi.OpenApiFixture.READ;
import static dev.partywall.runtime.openapi.OpenApiFixture.SHOP;
import static dev.partywall.runtime.openapi.OpenApiFixture.assemble;
import static dev.partywall.runtime.openapi.OpenApiFixture.notes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.service.Offering;
import dev.partywall.storage.Meters;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenApiQueryTest {
  /** References and parameters of the path count as well. */
  @Test
  void aDescribedRouteHasTheQueryParametersOfItsDescription() {
    var description =
        """
        {"paths":{"/notes/{id}":{
          "parameters":[{"name":"part","in":"query","schema":{"type":"string"}}],
          "get":{"parameters":[{"$ref":"#/components/parameters/Size"},
            {"name":"lang","in":"header","schema":{"type":"string"}}]},
          "put":{}}},
         "components":{"parameters":{"Size":
           {"name":"size","in":"query","schema":{"type":"string"}}}}}
        """;
    var routes = OpenApiDocument.routes(SHOP, List.of(notes(description)), new Meters(), KERNEL);
    assertEquals(Set.of("part", "size"), routes.get(0).queryParameters());
    assertEquals(Set.of("part"), routes.get(1).queryParameters());
    assertEquals(List.of("/tenant", "/usage"), templates(routes.subList(2, 4)));
    assertEquals(Set.of(), routes.get(2).queryParameters());
    assertEquals(Set.of("from", "to", "granularity"), routes.get(3).queryParameters());
    assertEquals(List.of("/openapi.json"), templates(routes.subList(4, 5)));
    assertEquals(Set.of(), routes.get(4).queryParameters());
    assertEquals(READ.handler(), routes.getFirst().handler());
  }

  @Test
  void describesTheQueryParametersOfARouteWithoutADescription() {
    var route = Route.open("GET", "/open", END).withQuery("size", "part");
    var api = assemble(Offering.of("a", List.of(route)));
    assertEquals(
        Json.parseStored(
            """
            [{"name":"part","in":"query","schema":{"type":"string"}},
             {"name":"size","in":"query","schema":{"type":"string"}}]
            """),
        api.at("/paths/~1open/get/parameters"));
  }

  private static List<String> templates(List<Route> routes) {
    return routes.stream().map(Route::template).toList();
  }
}
