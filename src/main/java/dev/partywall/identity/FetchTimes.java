package dev.partywall.identity;

import java.time.Duration;

/**
 * The time limits of fetches of keys.
 *
 * @param document the timeout for one document, up to its last byte
 * @param unknownIdInterval the minimum interval between the starts of two fetches caused by unknown
 *     key ids. Ids that an attacker has made up delay the fetch for a new key by this interval at
 *     most
 */
record FetchTimes(Duration document, Duration unknownIdInterval) {
  /**
   * A wait for the interval and one document fits into the request timeout, and so do two
   * documents.
   */
  static final FetchTimes DEFAULT = new FetchTimes(Duration.ofSeconds(3), Duration.ofSeconds(2));
}
