package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.json.Json;
import dev.partywall.tenancy.registry.Operation;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The states and the parameters of an import in the registry. */
final class ImportState {
  /** Parts can be sent. The operation has no owner. */
  static final String RECEIVING = "receiving";

  /** Waits until no instance serves the tenant. */
  static final String BARRIER = "barrier";

  /** Checks the file and compares it with the tenant's content. Nothing is changed. */
  static final String CHECKING = "checking";

  /** Writes the items of the file. A replacement writes them to the next revision. */
  static final String WRITING = "writing";

  /** Reads the next revision of the content, and compares it with the file. */
  static final String VERIFYING = "verifying";

  /** Makes the next revision the tenant's content. It cannot be cancelled any more. */
  static final String SWITCHING = "switching";

  /** Deletes the former revision of the content. */
  static final String DELETING = "deleting";

  /** Deletes the items that were written, because an item exists already. */
  static final String REVERTING = "reverting";

  /** Deletes the parts. */
  static final String CLEARING = "clearing";

  /** Deletes the items that were written, which requires the parts. */
  static final String CANCELLING = "cancelling";

  /** Deletes the parts after a cancellation. The items of the file are deleted already. */
  static final String DISCARDING = "discarding";

  static final String CLONE = "clone";
  static final String REPLACE = "replace";
  static final String WAS_EMPTY = "empty";
  static final String PART_AT = "partAt";
  static final String COUNTS = "counts";
  static final String UNCHANGED = "unchanged";
  private static final String FAILURE_TYPE = "failureType";
  private static final String FAILURE = "failure";
  private static final String INVALID = "import-invalid";

  private ImportState() {}

  /** Returns whether the import was cancelled and reverts its effects. */
  static boolean isCancelled(Operation operation) {
    return operation.state().equals(CANCELLING) || operation.state().equals(DISCARDING);
  }

  static boolean is(Operation operation, String parameter) {
    return operation.parameter(parameter).filter("true"::equals).isPresent();
  }

  /** Returns the time of the latest part, or of the start. */
  static Instant activeAt(Operation operation) {
    return operation.parameter(PART_AT).map(Instant::parse).orElse(operation.origin().startedAt());
  }

  /** Returns the operation with a failure of its completion. Parts can be sent again. */
  static Operation failed(Operation operation, String type, String detail) {
    return operation.inState(RECEIVING).with(FAILURE_TYPE, type).with(FAILURE, detail).withDone(0);
  }

  /** Returns the problem type of the failure of the latest completion; empty if none has failed. */
  static String failureType(Operation operation) {
    return operation.parameter(FAILURE_TYPE).orElse("");
  }

  /** Returns the operation with the fault of the file. */
  static Operation invalid(Operation operation, InvalidImportException fault) {
    return failed(operation, INVALID, String.valueOf(fault.getMessage()));
  }

  /** Returns the operation at the begin of its completion. */
  static Operation completing(Operation operation) {
    return operation.inState(BARRIER).with(FAILURE_TYPE, "").with(FAILURE, "");
  }

  /** Returns the failure of the latest completion, if it has failed. */
  static Optional<ApiException> failure(Operation operation) {
    return operation
        .parameter(FAILURE_TYPE)
        .filter(type -> !type.isEmpty() && operation.state().equals(RECEIVING))
        .map(type -> error(type, operation.parameter(FAILURE).orElse("")))
        .map(ApiException::new);
  }

  private static ApiError error(String type, String detail) {
    return type.equals(INVALID)
        ? new ApiError.Unprocessable(type, detail)
        : new ApiError.Conflict(type, detail);
  }

  /** Returns the JSON text of the counts. */
  static String counts(Map<String, Long> counts) {
    return Json.text(json -> {
      json.writeStartObject();
      for (var count : new TreeMap<>(counts).entrySet()) {
        json.writeNumberField(count.getKey(), count.getValue());
      }
      json.writeEndObject();
    });
  }
}
