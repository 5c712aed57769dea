package dev.partywall.local.aws.iam;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text with wildcards: {@code *} stands for any text, also over colons and slashes, {@code ?} for
 * one character. Matching takes at most pattern times text, whatever the pattern.
 */
final class Glob {
  static final int ANY = -1;
  static final int ONE = -2;

  private final int[] parts;

  /** Of code points, {@link #ANY} and {@link #ONE}. */
  Glob(int[] parts) {
    this.parts = parts;
  }

  boolean matches(String text) {
    var points = text.codePoints().toArray();
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < points.length) {
      if (p < parts.length && parts[p] == ANY) {
        star = p++;
        resume = t;
      } else if (p < parts.length && (parts[p] == ONE || parts[p] == points[t])) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    return Arrays.stream(parts, p, parts.length).allMatch(part -> part == ANY);
  }

  Glob lowerCase() {
    return new Glob(
        Arrays.stream(parts).map(part -> part < 0 ? part : Character.toLowerCase(part)).toArray());
  }

  /** The pieces between colons, as an ARN has them: six, the last with whatever colons follow. */
  List<Glob> arn() {
    var pieces = new ArrayList<Glob>();
    int from = 0;
    for (int i = 0; i < parts.length && pieces.size() < 5; i++) {
      if (parts[i] == ':') {
        pieces.add(new Glob(Arrays.copyOfRange(parts, from, i)));
        from = i + 1;
      }
    }
    pieces.add(new Glob(Arrays.copyOfRange(parts, from, parts.length)));
    return pieces;
  }
}
