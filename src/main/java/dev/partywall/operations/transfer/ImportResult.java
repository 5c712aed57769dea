package dev.partywall.operations.transfer;

import dev.partywall.http.Response;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore.Document;
import java.util.Map;

/**
 * The result of the latest import, which a repeated request returns.
 *
 * @param cancelled whether the import was cancelled
 * @param counts the JSON text of the number of items of each collection
 * @param unchanged whether the tenant had the same content before
 */
record ImportResult(String operation, boolean cancelled, String counts, boolean unchanged) {
  private static final String OPERATION = "operation";

  private static final String CANCELLED = "cancelled";

  /** Returns the document of a cancelled import. It replaces the result of an earlier one. */
  static Document cancelled(Operation operation) {
    return new Document(
        DocumentNames.importResult(operation.incarnation()),
        Map.of(OPERATION, operation.id(), CANCELLED, Boolean.toString(true)));
  }

  /** Returns the document with the result of a checked import. */
  static Document document(Operation operation) {
    return new Document(
        DocumentNames.importResult(operation.incarnation()),
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
        Boolean.parseBoolean(document.get(CANCELLED)),
        document.getOrDefault(ImportState.COUNTS, "{}"),
        Boolean.parseBoolean(document.get(ImportState.UNCHANGED)));
  }

  /**
   * Returns 201 with the counts, or 200 if nothing has changed.
   *
   * @throws dev.partywall.error.ApiException as {@code Conflict} if the import was cancelled
   */
  Response response() {
    if (cancelled) {
      throw ImportRoutes.conflict("import-cancelled", "The import was cancelled.");
    }
    var body = "{\"counts\":" + counts + ",\"unchanged\":" + unchanged + "}";
    return Response.json(unchanged ? 200 : 201, body);
  }
}
