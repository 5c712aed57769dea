package com.example.notes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.*;
import dev.partywall.http.*;
import dev.partywall.json.*;
import dev.partywall.service.*;
import dev.partywall.storage.*;
import java.util.List;

/** The routes of the notes service. No line names a tenant: the table is the caller's own. */
record NoteRoutes(Kernel kernel, TenantTable table, IdempotentWrites<Item> creation) {
  private static final Cursor CURSORS = new Cursor(List.of(), Ids::isValid);

  static Offering of(Kernel kernel) {
    var counting = kernel.meter("notesWritten");
    var type = IdempotentWrites.EntityType.ofItems("note", counting, NoteRoutes::parse);
    var creation = new IdempotentWrites<>(kernel.table(), kernel.clock(), type);
    var notes = new NoteRoutes(kernel, kernel.table(), creation);
    var routes =
        List.of(
            Route.of("GET", "/notes", "notes:read", notes::list),
            Route.of("POST", "/notes", "notes:write", notes::create),
            Route.of("GET", "/notes/{id}", "notes:read", notes::read),
            Route.of("PUT", "/notes/{id}", "notes:write", notes::update));
    return Offering.of("notes", routes).describedBy(NoteRoutes.class, "openapi.json");
  }

  private Response list(Request request) {
    var paging = Paging.of(request, CURSORS);
    var page = table.query(Query.all("note", paging.limit(), paging.after()));
    return Response.json(200, page.toJson("notes", CURSORS::write));
  }

  private Response create(Request request) {
    var faults = new Faults();
    var text = text(request, faults);
    var key = IdempotencyKey.of(request);
    var id = key.map(given -> new IdempotentWrites.RequestId(given.name(), given.fingerprint()));
    var now = kernel.clock().instant();
    var created = creation.create(id, faults, () -> note(kernel.ids().next(now), text, 1));
    var note = created.entity();
    var response = response(201, note).with("Location", "/notes/" + note.key().id());
    return created.replayed() ? response.asReplay() : response;
  }

  private Response read(Request request) {
    var note = table.get(key(request)).orElseThrow(ApiException::notFound);
    var unchanged = Preconditions.of(request.headers()).isUnchanged(note.version());
    return unchanged ? Response.of(304).withETag(note.version()) : response(200, note);
  }

  private Response update(Request request) {
    var faults = new Faults();
    var text = text(request, faults);
    var conditions = Preconditions.of(request.headers());
    conditions.requireIfMatch();
    faults.rejectIfAny();
    var write =
        table.change(
            key(request),
            note -> {
              conditions.checkChange(note.version());
              return Write.replace(note, note(note.key().id(), text, note.version() + 1));
            });
    return response(200, write.orElseThrow(ApiException::notFound).item());
  }

  private static Key key(Request request) {
    return Key.parse("note", request.parameter("id")).orElseThrow(ApiException::notFound);
  }

  private static String text(Request request, Faults faults) {
    return new JsonChecks(faults).lines(request.jsonWithOnly("text").path("text"), "/text", 1000);
  }

  private static Item note(String id, String text, long version) {
    var json = JsonNodeFactory.instance.objectNode().put("id", id).put("text", text);
    var document = json.put("version", version).toString();
    return Item.of(new Key("note", id), document).withVersion(version);
  }

  private static Item parse(String document) {
    var json = Json.parseStored(document);
    return note(json.path("id").asText(), json.path("text").asText(), json.path("version").asLong());
  }

  private static Response response(int status, Item note) {
    return Response.json(status, note.document()).withETag(note.version());
  }
}
