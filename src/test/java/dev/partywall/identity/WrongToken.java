package dev.partywall.identity;

/**
 * A token that must not be taken.
 *
 * @param name what is wrong with it: nothing else is
 */
record WrongToken(String name, Rejection reason, String text) {
  /** Whether it can stand in a header field at all. */
  boolean canBeSent() {
    return text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f));
  }

  /** Whether it is still the same behind a real port, which strips blanks and bounds headers. */
  boolean canTravel() {
    return canBeSent()
        && text.length() <= 30_000
        && !text.isEmpty()
        && !text.endsWith(" ")
        && !text.endsWith("\t");
  }

  @Override
  public String toString() {
    return name; // of the test
  }
}
