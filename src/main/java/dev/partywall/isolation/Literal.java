package dev.partywall.isolation;

import java.util.regex.Pattern;

/**
 * A piece of text that a policy takes at its word: letters, digits, dot, hyphen, underscore. It
 * can't be a wildcard ({@code *}, {@code ?}), a policy variable ({@code ${…}}) or end a JSON
 * string, so that no tenant's name can stand for another's.
 */
public record Literal(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]+");

  /** Refuses every other character. */
  public Literal {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a literal for a policy");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
