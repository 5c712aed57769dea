package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * Validates the fields of a body and collects their faults. Values returned for invalid fields are
 * never used, because {@link #throwIfAny} throws first.
 */
final class FieldFaults {
  private final List<ApiError.Fault> faults = new ArrayList<>();

  void add(String pointer, String detail) {
    faults.add(new ApiError.Fault(pointer, detail));
  }

  /**
   * Throws if any field is invalid.
   *
   * @throws ApiException with {@link ApiError.Invalid} that lists all faults
   */
  void throwIfAny() {
    if (!faults.isEmpty()) {
      throw new ApiException(new ApiError.Invalid(List.copyOf(faults)));
    }
  }

  /** Returns a single-line text; lengths in characters (Unicode code points). */
  String singleLine(JsonNode value, String pointer, int min, int max) {
    return text(value, pointer, min, max, "");
  }

  /** Returns a multi-line text; the length in characters (Unicode code points). */
  String multiLine(JsonNode value, String pointer, int max) {
    return text(value, pointer, 0, max, "\t\n\r");
  }

  /** Returns an integer written without fraction or exponent; {@code min} if it is invalid. */
  long integer(JsonNode value, String pointer, long min, long max) {
    if (isMissing(value, pointer)) {
      return min;
    }
    if (!value.isIntegralNumber()) {
      add(pointer, "must be an integer, written without fraction or exponent");
      return min;
    }
    if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      add(pointer, "must be from " + min + " to " + max);
      return min;
    }
    return value.longValue();
  }

  boolean isMissing(JsonNode value, String pointer) {
    if (value.isMissingNode()) {
      add(pointer, "is required");
    }
    return value.isMissingNode();
  }

  private String text(JsonNode value, String pointer, int min, int max, String allowedControls) {
    if (isMissing(value, pointer)) {
      return "";
    }
    if (!value.isTextual()) {
      add(pointer, "must be a string");
      return "";
    }
    var text = value.textValue();
    var length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      add(pointer, "must have " + min + " to " + max + " characters");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && allowedControls.indexOf(c) < 0)) {
      add(pointer, "must not contain control characters");
    }
    return text;
  }
}
