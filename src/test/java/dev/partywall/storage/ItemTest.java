package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ItemTest {
  private static final Item ITEM = Item.of(new Key("thing", "one"), "{}");

  /** Matches the DynamoDB expression {@code ttl <= :now}. */
  @Test
  void expiresExactlyAtItsExpiry() {
    var end = Instant.parse("2026-11-24T09:00:00Z");
    assertTrue(ITEM.withExpiry(end).isExpired(end));
    assertFalse(ITEM.withExpiry(end).isExpired(end.minusMillis(1)));
    assertFalse(ITEM.isExpired(end));
  }
}
