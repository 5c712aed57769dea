package dev.partywall.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Header fields (RFC 9110, section 5). Names are compared without regard to case. A field that
 * could split a message can't be made: names are tokens, and values hold no control characters.
 */
public final class Headers {
  /** No fields at all. */
  public static final Headers NONE = new Headers(new Field[0]);

  // Every character of every request goes through these: a look-up is what that may cost.
  private static final boolean[] TOKEN = tokenCharacters();
  private static final boolean[] TEXT = textCharacters();

  /** One line of the header section. */
  public record Field(String name, String value) {
    /** Refuses a name that is no token and a value that holds a control character. */
    public Field {
      if (!isToken(name) || !isText(value)) {
        throw new IllegalArgumentException("not a header field: " + name.length() + " characters");
      }
    }
  }

  // Never handed out and never written to, so that a copy costs one array.
  private final Field[] fields;

  private Headers(Field[] fields) {
    this.fields = fields;
  }

  /** Fields in the order given. */
  public static Headers of(List<Field> fields) {
    return new Headers(fields.toArray(Field[]::new));
  }

  /** All fields, in their order. */
  public List<Field> fields() {
    return Collections.unmodifiableList(Arrays.asList(fields));
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    for (var field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** The values of all fields of that name, in their order. */
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
   * A list-valued field as one value, however many lines it came in (RFC 9110, section 5.3): {@code
   * If-Match}, {@code If-None-Match}, {@code Accept}.
   */
  public Optional<String> joined(String name) {
    var values = all(name);
    return switch (values.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(values.getFirst());
      default -> Optional.of(String.join(", ", values));
    };
  }

  /** These, and one more. */
  public Headers with(String name, String value) {
    var more = Arrays.copyOf(fields, fields.length + 1);
    more[fields.length] = new Field(name, value);
    return new Headers(more);
  }

  /** A token as in RFC 9110, section 5.6.2: what methods and field names are made of. */
  static boolean isToken(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c >= TOKEN.length || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** What a field's value may be made of: no control character but the tab. */
  static boolean isText(String value) {
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
