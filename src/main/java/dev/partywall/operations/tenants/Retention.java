package dev.partywall.operations.tenants;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The time from the request to delete a tenant until its deletion, in one of two forms of ISO 8601:
 * {@code PnD} or {@code PTnHnMnS}.
 */
public final class Retention {
  /** The longest retention: about ten years. */
  public static final Duration MAX = Duration.ofDays(3_650);

  /** The rule that an invalid value violates. */
  public static final String RULE = "PnD or PTnHnMnS, at most P3650D";

  private static final Pattern FORM =
      Pattern.compile("P[0-9]{1,4}D|PT(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?");

  private Retention() {}

  /** Returns the duration; empty if the text is invalid or the duration is too long. */
  public static Optional<Duration> parse(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(Duration.parse(text)).filter(duration -> duration.compareTo(MAX) <= 0)
        : Optional.empty();
  }
}
