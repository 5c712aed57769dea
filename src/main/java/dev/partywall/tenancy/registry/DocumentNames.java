package dev.partywall.tenancy.registry;

import java.util.List;

/** The names of the documents that operations leave in the registry. Never change them. */
public final class DocumentNames {
  private DocumentNames() {}

  /** Returns the name of the operation that has caused the status {@code failed}. */
  public static String failed(int incarnation) {
    return ".failed#" + incarnation;
  }

  /** Returns the name of the time of the latest import that has changed the content. */
  public static String imported(int incarnation) {
    return ".imported#" + incarnation;
  }

  /** Returns the name of the result of the latest import. */
  public static String importResult(int incarnation) {
    return ".import-result#" + incarnation;
  }

  /** Returns the name of the receipt of a deletion. */
  public static String receipt(int incarnation) {
    return ".receipt#" + incarnation;
  }

  /** Returns the name of the values of a deleted tenant for its bills. */
  public static String billed(int incarnation) {
    return ".billed#" + incarnation;
  }

  /** Returns the names of all documents that the deletion of the tenant removes. */
  public static List<String> untilDeletion(int incarnation) {
    return List.of(failed(incarnation), imported(incarnation), importResult(incarnation));
  }
}
