package dev.partywall.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header fields in their order (RFC 9110, section 5). Names are compared without regard to case. A
 * field that could split a message can't be made: names are tokens, and values hold no control
 * characters.
 */
public final class Headers {
  /** No fields at all. */
  public static final Headers NONE = new Headers(List.of());

  /** One line of the header section. */
  public record Field(String name, String value) {
    /** Refuses a name that is no token and a value that holds a control character. */
    public Field {
      if (!isToken(name) || !isText(value)) {
        throw new IllegalArgumentException("not a header field: " + name.length() + " characters");
      }
    }
  }

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /** Fields in the order given. */
  public static Headers of(List<Field> fields) {
    return new Headers(List.copyOf(fields));
  }

  /** All fields, in their order. */
  public List<Field> fields() {
    return fields;
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
    return fields.stream()
        .filter(field -> field.name.equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  /** These, and one more. */
  public Headers with(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(List.copyOf(more));
  }

  private static boolean isToken(String name) {
    return !name.isEmpty() && name.chars().allMatch(Headers::isTokenCharacter);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  private static boolean isText(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
  }
}
