package dev.partywall.http;

import java.time.Duration;
import java.util.Optional;

/** A request that has waited for a processor. */
public final class WaitedRequest {
  private WaitedRequest() {}

  /** Returns a request that has waited for this time. */
  public static Request of(Duration waited) {
    return new Request(
        "GET",
        RequestTarget.ROOT,
        Headers.NONE,
        Body.NONE,
        waited,
        Optional.empty(),
        new Match.NoMatch(),
        /* subject= */ null,
        /* operatorIssuer= */ Optional.empty());
  }
}
