package dev.partywall.isolation;

import java.util.regex.Pattern;

/**
 * Literal text in a policy: letters, digits, dot, hyphen, underscore. It cannot contain a wildcard
 * ({@code *}, {@code ?}) or a policy variable ({@code ${…}}), and cannot end a JSON string.
 * Therefore no tenant's name can match another's.
 */
public record Literal(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]+");

  /** Rejects every other character. */
  public Literal {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the text has a character that a policy literal must not contain");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
