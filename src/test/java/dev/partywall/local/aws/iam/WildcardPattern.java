package dev.partywall.local.aws.iam;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern with wildcards: {@code *} matches any text, including colons and slashes; {@code ?}
 * matches one character. Matching takes at most pattern length times text length steps.
 */
final class WildcardPattern {
  static final int ANY = -1;
  static final int ONE = -2;

  private final int[] parts;

  /** Takes code points, {@link #ANY} and {@link #ONE}. */
  WildcardPattern(int[] parts) {
    this.parts = parts;
  }

  boolean matches(String text) {
    var points = text.codePoints().toArray();
    int patternIndex = 0;
    int textIndex = 0;
    int star = -1;
    int resume = 0;
    while (textIndex < points.length) {
      if (patternIndex < parts.length && parts[patternIndex] == ANY) {
        star = patternIndex++;
        resume = textIndex;
      } else if (patternIndex < parts.length
          && (parts[patternIndex] == ONE || parts[patternIndex] == points[textIndex])) {
        patternIndex++;
        textIndex++;
      } else if (star >= 0) {
        patternIndex = star + 1;
        textIndex = ++resume;
      } else {
        return false;
      }
    }
    return Arrays.stream(parts, patternIndex, parts.length).allMatch(part -> part == ANY);
  }

  WildcardPattern lowerCase() {
    return new WildcardPattern(
        Arrays.stream(parts).map(part -> part < 0 ? part : Character.toLowerCase(part)).toArray());
  }

  /**
   * Splits the pattern at colons into at most six parts, as in an ARN. The last part includes all
   * further colons.
   */
  List<WildcardPattern> splitArn() {
    var result = new ArrayList<WildcardPattern>();
    int from = 0;
    for (int i = 0; i < parts.length && result.size() < 5; i++) {
      if (parts[i] == ':') {
        result.add(new WildcardPattern(Arrays.copyOfRange(parts, from, i)));
        from = i + 1;
      }
    }
    result.add(new WildcardPattern(Arrays.copyOfRange(parts, from, parts.length)));
    return result;
  }
}
