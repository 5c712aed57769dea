package dev.partywall.error;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the faults of an input, so that all of them are reported together: a request body, a
 * configuration file, environment variables, or command-line options.
 */
public final class Faults {
  private final List<ApiError.Fault> faults = new ArrayList<>();

  /**
   * Adds a fault.
   *
   * @param location a JSON pointer (RFC 6901), a variable or an option; empty for the whole input
   * @param detail the rule that is violated, such as {@code must be a string}
   */
  public void add(String location, String detail) {
    faults.add(new ApiError.Fault(location, detail));
  }

  /** Adds the faults of a part of the input, such as a file that a variable names. */
  public void addAll(String location, Faults part) {
    part.lines().forEach(line -> add(location, line));
  }

  /** Returns whether no fault was added. */
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** Returns all faults, in the order in which they were added. */
  public List<ApiError.Fault> list() {
    return List.copyOf(faults);
  }

  /** Returns one line per fault: its location, a colon and its detail. */
  public List<String> lines() {
    return faults.stream().map(Faults::line).toList();
  }

  /**
   * Rejects a request body that has faults.
   *
   * @throws ApiException as {@link ApiError.Invalid} with all faults
   */
  public void rejectIfAny() {
    if (!faults.isEmpty()) {
      throw new ApiException(new ApiError.Invalid(list()));
    }
  }

  private static String line(ApiError.Fault fault) {
    return fault.pointer().isEmpty() ? fault.detail() : fault.pointer() + ": " + fault.detail();
  }
}
