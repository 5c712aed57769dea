package dev.partywall.orders;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An order of two lines, as an object and as a request body. */
final class SampleOrder {
  static final Order ORDER =
      new Order(
          "01JDEZ8Q4V0000000000020000",
          OrderStatus.PLACED,
          "user-7",
          "EUR",
          List.of(
              new OrderLine("BRICK-0", "Red engineering brick", 3, 990),
              new OrderLine("BRICK-1", "Red engineering brick", 3, 990)),
          5_940,
          Optional.of("Please leave it with the neighbour"),
          Instant.parse("2026-11-23T08:59:00.100Z"),
          Instant.parse("2026-11-23T08:59:00.100Z"),
          1);

  private static final String DRAFT =
      """
      {"currency":"EUR","items":[\
      {"sku":"BRICK-0","name":"Red engineering brick","quantity":3,"unitPrice":990},\
      {"sku":"BRICK-1","name":"Red engineering brick","quantity":3,"unitPrice":990}],\
      "note":"Please leave it with the neighbour"}\
      """;

  private SampleOrder() {}

  /** Returns the body of a POST. */
  static byte[] draft() {
    return DRAFT.getBytes(StandardCharsets.UTF_8);
  }
}
