package dev.partywall.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Header fields (RFC 9110, section 5). Names are case-insensitive. Names must be tokens and values
 * must not contain control characters, which makes response splitting impossible.
 */
public final class Headers {
  /** An empty header section. */
  public static final Headers NONE = new Headers(new Field[0]);

  // Lookup tables, because every character of every request is checked against them.
  private static final boolean[] TOKEN = tokenCharacters();
  private static final boolean[] TEXT = textCharacters();

  /** One line of the header section. */
  public record Field(String name, String value) {
    /** Rejects a name that is not a token and a value with a control character. */
    public Field {
      if (!isToken(name) || !isFieldValue(value)) {
        throw new IllegalArgumentException(
            "invalid header field with a name of " + name.length() + " characters");
      }
    }
  }

  // Never exposed and never modified. Adding a field therefore copies only this array.
  private final Field[] fields;

  private Headers(Field[] fields) {
    this.fields = fields;
  }

  /** Returns a header section with these fields, in this order. */
  public static Headers of(List<Field> fields) {
    return new Headers(fields.toArray(Field[]::new));
  }

  /** Returns all fields in order. */
  public List<Field> fields() {
    return Collections.unmodifiableList(Arrays.asList(fields));
  }

  /** Returns the value of the first field with this name. */
  public Optional<String> first(String name) {
    for (var field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** Returns whether several fields have this name. Allocates nothing. */
  public boolean isRepeated(String name) {
    var count = 0;
    for (var field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count > 1;
  }

  /** Returns the values of all fields with this name, in order. */
  public List<String> all(String name) {
    var values = new ArrayList<String>(2);
    for (var field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        values.add(field.value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * Returns the combined value of a list-valued field (RFC 9110, section 5.3), such as {@code
   * If-Match}, {@code If-None-Match} or {@code Accept}. The field may be split over several lines.
   */
  Optional<String> joined(String name) {
    var values = all(name);
    return switch (values.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(values.getFirst());
      default -> Optional.of(String.join(", ", values));
    };
  }

  /** Returns a copy with one more field. */
  public Headers with(String name, String value) {
    var extended = Arrays.copyOf(fields, fields.length + 1);
    extended[fields.length] = new Field(name, value);
    return new Headers(extended);
  }

  /** Returns a copy with more fields. */
  public Headers withAll(List<Field> further) {
    var extended = Arrays.copyOf(fields, fields.length + further.size());
    for (var i = 0; i < further.size(); i++) {
      extended[fields.length + i] = further.get(i);
    }
    return new Headers(extended);
  }

  /**
   * Returns whether the text is a token (RFC 9110, section 5.6.2), the syntax of methods and field
   * names.
   */
  public static boolean isToken(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c >= TOKEN.length || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Returns whether the value is a valid field value. The only allowed control character is the
   * tab.
   */
  static boolean isFieldValue(String value) {
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (c >= TEXT.length || !TEXT[c]) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] tokenCharacters() {
    var token = new boolean[128];
    for (var c = 0; c < token.length; c++) {
      token[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
    return token;
  }

  private static boolean[] textCharacters() {
    var text = new boolean[256];
    Arrays.fill(text, ' ', text.length, true);
    text['\t'] = true;
    text[0x7f] = false;
    return text;
  }
}
