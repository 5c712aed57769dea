package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares the last run with the record. A ratio has moved when the two runs' ranges lie apart and
 * their middles differ by more than three in a hundred: less is noise, or not worth a look.
 */
final class Guard {
  private static final double WORTH_A_LOOK = 0.03;

  private final Places places;

  Guard(Places places) {
    this.places = places;
  }

  /** A ratio that is not what it was. */
  record Move(String name, Spread before, Spread now) {
    boolean isWorse() {
      // Of all that is compared, only of throughput more is better.
      return name.startsWith("throughput/") == (now.median() < before.median());
    }

    boolean isBeyondNoise() {
      var apart = now.low() > before.high() || now.high() < before.low();
      var change = Math.abs(now.median() - before.median());
      return apart && change > WORTH_A_LOOK * Math.abs(before.median());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %-40s %.3f (%.3f–%.3f), was %.3f (%.3f–%.3f)",
          isWorse() ? "WORSE " : "better",
          name,
          now.median(),
          now.low(),
          now.high(),
          before.median(),
          before.low(),
          before.high());
    }
  }

  List<Move> moves() throws IOException {
    if (!Files.exists(places.record())) {
      System.out.println("There is no record to compare with: " + places.record());
      return List.of();
    }
    var before = Kept.read(places.record()).ratios();
    var now = Kept.of(places).ratios();
    var moves = new ArrayList<Move>();
    now.forEach((name, spread) -> {
      if (before.containsKey(name)) {
        moves.add(new Move(name, before.get(name), spread));
      }
    });
    var beyond = moves.stream().filter(Move::isBeyondNoise).toList();
    System.out.printf("%d ratios compared, %d moved beyond noise%n", moves.size(), beyond.size());
    return beyond;
  }
}
