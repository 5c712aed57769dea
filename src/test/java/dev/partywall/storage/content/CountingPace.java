package dev.partywall.storage.content;

import dev.partywall.error.ApiException;

/** A pace that counts the pages, and repeats a failed page. */
final class CountingPace implements ReadPace {
  private static final int MAX_FAILURES = 20;

  int pages;
  int failures;

  @Override
  public void await() {
    pages++;
  }

  @Override
  public void succeeded() {}

  @Override
  public void failed(ApiException failure) {
    failures++;
    if (failures > MAX_FAILURES) {
      throw failure;
    }
  }
}
