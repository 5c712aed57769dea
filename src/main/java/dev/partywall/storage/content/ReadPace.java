package dev.partywall.storage.content;

import dev.partywall.error.ApiException;

/** Decides when a reader of a tenant's content reads its next page. */
public interface ReadPace {
  /**
   * Waits until the next page can be read.
   *
   * @throws RuntimeException to end the reading
   */
  void await();

  /** Is called after a page was read. */
  void succeeded();

  /**
   * Decides about a page that could not be read. If this method returns, the page is read again.
   *
   * @throws ApiException to end the reading
   */
  void failed(ApiException failure);
}
