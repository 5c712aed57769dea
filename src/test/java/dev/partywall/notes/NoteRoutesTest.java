package dev.partywall.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.local.LocalDynamo;
import dev.partywall.runtime.Declarations;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.TableFixture;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A second product on the unchanged kernel, with every kind of placement. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class NoteRoutesTest {
  private static final TenantId ACME = TableFixture.TENANTS.get(0);
  private static final TenantId ACME2 = TableFixture.TENANTS.get(1);

  private final LocalDynamo dynamo;

  NoteRoutesTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  @ParameterizedTest
  @EnumSource(PlacementKind.class)
  void readsAndListsWrittenNotes(PlacementKind kind) throws IOException {
    try (var fixture = new TableFixture(dynamo, kind)) {
      var service = service(fixture);
      var location = place(service, ACME, "call the mason");
      assertEquals("\"call the mason\"", body(as(ACME, () -> send(service, "GET", location, ""))));
      assertEquals(
          "[\"call the mason\"]", body(as(ACME, () -> send(service, "GET", "/notes", ""))));
    }
  }

  @ParameterizedTest
  @EnumSource(PlacementKind.class)
  void hidesNotesFromOtherTenants(PlacementKind kind) throws IOException {
    try (var fixture = new TableFixture(dynamo, kind)) {
      var service = service(fixture);
      var location = place(service, ACME, "the key is under the mat");
      assertEquals(404, as(ACME2, () -> send(service, "GET", location, "")).status());
      assertEquals("[]", body(as(ACME2, () -> send(service, "GET", "/notes", ""))));
    }
  }

  @ParameterizedTest
  @EnumSource(PlacementKind.class)
  void returns404ForAnInvalidId(PlacementKind kind) throws IOException {
    try (var fixture = new TableFixture(dynamo, kind)) {
      var service = service(fixture);
      assertEquals(404, as(ACME, () -> send(service, "GET", "/notes/a#b", "")).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"text\":1}", "{\"text\":null}", "[\"text\"]", "\"text\""})
  void rejectsNotesWithoutAText(String body) throws IOException {
    try (var fixture = new TableFixture(dynamo, PlacementKind.POOL)) {
      var service = service(fixture);
      assertEquals(422, as(ACME, () -> send(service, "POST", "/notes", body)).status());
      assertEquals("[]", body(as(ACME, () -> send(service, "GET", "/notes", ""))));
    }
  }

  @Test
  void generatesAnotherIdWhenOneIsAlreadyUsed() throws IOException {
    try (var fixture = new TableFixture(dynamo, PlacementKind.POOL)) {
      var first = place(service(fixture), ACME, "one");
      assertNotEquals(first, place(service(fixture), ACME, "two"));
      assertEquals("\"one\"", body(as(ACME, () -> send(service(fixture), "GET", first, ""))));
    }
  }

  private static <T> T as(TenantId tenant, Supplier<T> task) {
    return TenantContext.call(new Tenant(tenant, "free"), task::get);
  }

  private static Handler service(TableFixture fixture) {
    var notes = Declarations.of(List.of(NoteRoutes::of), Map.of(), fixture.clock, new Random(1));
    notes.connect(fixture.connection);
    var router = new Router(notes.routes());
    var filters =
        List.of(new SelectRoute(router), new ProblemDetailsFilter("notes", () -> "trace"));
    return Filter.chain(filters, router.dispatchHandler());
  }

  private static String place(Handler service, TenantId tenant, String text) {
    var body = "{\"text\":\"" + text + "\"}";
    var written = as(tenant, () -> send(service, "POST", "/notes", body));
    assertEquals(201, written.status());
    return written.headers().first("Location").orElseThrow();
  }

  private static Response send(Handler service, String method, String path, String body) {
    var segments = Stream.of(path.split("/")).filter(part -> !part.isEmpty()).toList();
    var target = new RequestTarget(path, segments, Map.of());
    var headers = Headers.NONE.with("Content-Type", "application/json");
    var bytes = Body.of(body.getBytes(StandardCharsets.UTF_8));
    return service.handle(Request.of(method, target, headers, bytes));
  }

  private static String body(Response response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
