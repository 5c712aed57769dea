package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a body holds and collects what is wrong with it. What is returned for a value that
 * does not hold is never used: {@link #refuseIfAny} comes first.
 */
final class Faults {
  private final List<Refusal.Fault> faults = new ArrayList<>();

  void add(String pointer, String detail) {
    faults.add(new Refusal.Fault(pointer, detail));
  }

  /**
   * Ends the reading.
   *
   * @throws Refused as {@link Refusal.Invalid} with all faults
   */
  void refuseIfAny() {
    if (!faults.isEmpty()) {
      throw new Refused(new Refusal.Invalid(List.copyOf(faults)));
    }
  }

  /** A text of so many characters (Unicode code points), on one line. */
  String line(JsonNode value, String pointer, int least, int most) {
    return text(value, pointer, least, most, "");
  }

  /** A text of at most so many characters, on several lines. */
  String lines(JsonNode value, String pointer, int most) {
    return text(value, pointer, 0, most, "\t\n\r");
  }

  /** A number without a fraction or an exponent; {@code least} where it does not hold. */
  long whole(JsonNode value, String pointer, long least, long most) {
    if (isMissing(value, pointer)) {
      return least;
    }
    if (!value.isIntegralNumber()) {
      add(pointer, "must be a whole number, written without fraction and exponent");
      return least;
    }
    if (!value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
      add(pointer, "must be from " + least + " to " + most);
      return least;
    }
    return value.longValue();
  }

  boolean isMissing(JsonNode value, String pointer) {
    if (value.isMissingNode()) {
      add(pointer, "is required");
    }
    return value.isMissingNode();
  }

  private String text(JsonNode value, String pointer, int least, int most, String controls) {
    if (isMissing(value, pointer)) {
      return "";
    }
    if (!value.isTextual()) {
      add(pointer, "must be a string");
      return "";
    }
    var text = value.textValue();
    var length = text.codePointCount(0, text.length());
    if (length < least || length > most) {
      add(pointer, "must have " + least + " to " + most + " characters");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && controls.indexOf(c) < 0)) {
      add(pointer, "must not hold control characters");
    }
    return text;
  }
}
