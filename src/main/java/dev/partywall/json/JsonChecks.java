package dev.partywall.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads the values of a JSON document and adds a fault for each value that violates its rule. The
 * value that is returned in place of an invalid one must not be used: the caller reports the faults
 * first.
 *
 * @param faults receives the faults, each with its JSON pointer (RFC 6901)
 */
public record JsonChecks(Faults faults) {
  /** Returns the pointer of a member or an element of the value at {@code parent}. */
  public static String pointer(String parent, String name) {
    return parent + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /**
   * Rejects unknown members of an object: a misspelt name must not be silently ignored.
   *
   * @throws ApiException as {@link ApiError.Malformed} if a member is unknown
   */
  public static void rejectUnknown(JsonNode object, String pointer, Set<String> known) {
    for (var property : object.properties()) {
      if (!known.contains(property.getKey())) {
        var field = pointer(pointer, property.getKey());
        throw new ApiException(new ApiError.Malformed("The field " + field + " is unknown."));
      }
    }
  }

  /** Returns whether the value is an object; adds a fault if it is not. */
  public boolean object(JsonNode value, String pointer) {
    if (!value.isObject()) {
      faults.add(pointer, "must be an object");
    }
    return value.isObject();
  }

  /** Adds a fault for each member of an object that is not among {@code known}. */
  public void known(JsonNode object, String pointer, Set<String> known) {
    object.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> !known.contains(name))
        .forEach(name -> faults.add(pointer(pointer, name), "is unknown; known: " + list(known)));
  }

  /** Returns whether a value is missing; adds a fault if it is. */
  public boolean missing(JsonNode value, String pointer) {
    if (value.isMissingNode()) {
      faults.add(pointer, "is required");
    }
    return value.isMissingNode();
  }

  /** Returns a text of {@code min} to {@code max} characters (Unicode code points) on one line. */
  public String line(JsonNode value, String pointer, int min, int max) {
    return text(value, pointer, min, max, "");
  }

  /** Returns a text of at most {@code max} characters, with line breaks and tabs. */
  public String lines(JsonNode value, String pointer, int max) {
    return text(value, pointer, 0, max, "\t\n\r");
  }

  /** Returns an integer, written without fraction or exponent; {@code min} if it is invalid. */
  public long integer(JsonNode value, String pointer, long min, long max) {
    if (missing(value, pointer)) {
      return min;
    }
    if (!value.isIntegralNumber()) {
      faults.add(pointer, "must be an integer, written without fraction or exponent");
      return min;
    }
    if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
      faults.add(pointer, "must be from " + min + " to " + max);
      return min;
    }
    return value.longValue();
  }

  /**
   * Returns the members of an object whose values are true or false. A missing object has none.
   *
   * @param known the names that members may have
   */
  public Map<String, Boolean> flags(JsonNode value, String pointer, Set<String> known) {
    if (value.isMissingNode() || !object(value, pointer)) {
      return Map.of();
    }
    known(value, pointer, known);
    var flags = new HashMap<String, Boolean>();
    for (var member : value.properties()) {
      if (!member.getValue().isBoolean()) {
        faults.add(pointer(pointer, member.getKey()), "must be true or false");
      }
      flags.put(member.getKey(), member.getValue().booleanValue());
    }
    return flags;
  }

  private String text(JsonNode value, String pointer, int min, int max, String allowedControls) {
    if (missing(value, pointer)) {
      return "";
    }
    if (!value.isTextual()) {
      faults.add(pointer, "must be a string");
      return "";
    }
    check(value.textValue(), pointer, min, max, allowedControls);
    return value.textValue();
  }

  private void check(String text, String pointer, int min, int max, String allowedControls) {
    var length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      faults.add(pointer, "must have " + min + " to " + max + " characters");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && allowedControls.indexOf(c) < 0)) {
      faults.add(pointer, "must not contain control characters");
    }
  }

  private static String list(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }
}
