package dev.partywall.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiError.Fault;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Outcome;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import java.time.InstantSource;
import java.util.List;

/** A second product: short notes. This class is its complete implementation. */
public record NoteRoutes(TenantTable table, InstantSource clock, Ids ids) {
  /** Declares the notes service. */
  public static Offering of(Kernel kernel) {
    var notes = new NoteRoutes(kernel.table(), kernel.clock(), kernel.ids());
    return Offering.of(
        "notes",
        List.of(
            Route.of("GET", "/notes", "notes:read", notes::list),
            Route.of("POST", "/notes", "notes:write", notes::write),
            Route.of("GET", "/notes/{id}", "notes:read", notes::read)));
  }

  private Response list(Request request) {
    var notes = JsonNodeFactory.instance.arrayNode();
    table.query(Query.all("note", 100)).items().forEach(note -> notes.add(note.document()));
    return Response.json(200, Json.write(notes));
  }

  private Response write(Request request) {
    var text = text(request.json());
    String id;
    do { // repeats until the id is unused
      id = ids.next(clock.instant());
    } while (!isWritten(Item.of(new Key("note", id), text)));
    return Response.of(201).with("Location", "/notes/" + id);
  }

  private boolean isWritten(Item note) {
    return switch (table.write(Write.put(note, new WriteCondition.Absent()))) {
      case Outcome.Written() -> true;
      case Outcome.ConditionFailed _ -> false;
    };
  }

  private static String text(JsonNode body) {
    if (!body.path("text").isTextual()) {
      throw new ApiException(new ApiError.Invalid(List.of(new Fault("/text", "must be a string"))));
    }
    return body.path("text").textValue();
  }

  private Response read(Request request) {
    var note = Key.parse("note", request.parameter("id")).flatMap(table::get);
    var text = note.orElseThrow(() -> new ApiException(new ApiError.NotFound())).document();
    return Response.json(200, Json.write(JsonNodeFactory.instance.textNode(text)));
  }
}
