package dev.partywall.operations.lifecycle;

/**
 * This instance stops, so the step ends before its next page. The successor repeats the step, as
 * after an end of the process at this point.
 */
public final class InstanceStoppingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InstanceStoppingException() {
    super("the instance stops");
  }
}
