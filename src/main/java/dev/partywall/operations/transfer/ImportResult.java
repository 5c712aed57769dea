package dev.partywall.operations.transfer;

import dev.partywall.http.Response;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.util.Map;

/**
 * The result of a completed import, which a repeated request returns.
 *
 * @param counts the JSON text of the number of items of each collection
 * @param unchanged whether the tenant had the same content before
 */
record ImportResult(String operation, String counts, boolean unchanged) {
  private static final String OPERATION = "operation";

  /** Returns the name of the document of the latest import. */
  static String documentName(int incarnation) {
    return ".import-result#" + incarnation;
  }

  /** Returns the document with the result of a checked import. */
  static Document document(Operation operation) {
    return new Document(
        documentName(operation.incarnation()),
        Map.of(
            OPERATION,
            operation.id(),
            ImportState.COUNTS,
            operation.parameter(ImportState.COUNTS).orElseThrow(),
            ImportState.UNCHANGED,
            Boolean.toString(ImportState.is(operation, ImportState.UNCHANGED))));
  }

  static ImportResult read(Map<String, String> document) {
    return new ImportResult(
        document.getOrDefault(OPERATION, ""),
        document.getOrDefault(ImportState.COUNTS, "{}"),
        Boolean.parseBoolean(document.get(ImportState.UNCHANGED)));
  }

  /** Returns 201 with the counts, or 200 if nothing has changed. */
  Response response() {
    var body = "{\"counts\":" + counts + ",\"unchanged\":" + unchanged + "}";
    return Response.json(unchanged ? 200 : 201, body);
  }
}
