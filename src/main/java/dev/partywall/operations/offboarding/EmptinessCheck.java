package dev.partywall.operations.offboarding;

import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.OwnedProgress;
import dev.partywall.storage.content.ContentDeletion;
import dev.partywall.storage.content.DeletedItems;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.registry.Operation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads the table and its indexes of the bound tenant until they are empty. The read of the table
 * is consistent. A single read of an index is not: it may be served by a copy that is up to date
 * before another one. Two rounds with the same result are therefore required.
 */
record EmptinessCheck(ContentDeletion content, OwnedProgress progress, InstantSource clock) {
  private static final String TIMES = "verifiedEmptyAt";
  private static final int ROUNDS = 2;

  /** Makes one round. */
  Step step(OwnedOperation owned) {
    owned.requireCurrent();
    // Only now: it contains the counts until the operation has them.
    if (!progress.remove(owned)) {
      return Step.CONTINUE;
    }
    if (!content.isEmpty()) {
      deleteAgain(owned);
      return Step.CONTINUE;
    }
    var round = new ArrayList<Instant>();
    round.add(clock.instant());
    for (var index : TenantLocation.INDEXES) {
      if (!content.isEmpty(index)) {
        owned.save(with(List.of(), owned.operation()).waitingFor(List.of("index " + index)));
        return Step.WAIT;
      }
      round.add(clock.instant());
    }
    return confirmed(owned, round);
  }

  private static Step confirmed(OwnedOperation owned, List<Instant> round) {
    var times = new ArrayList<>(times(owned.operation()));
    times.addAll(round);
    var verified = with(times, owned.operation()).waitingFor(List.of());
    if (times.size() < ROUNDS * round.size()) {
      owned.save(verified);
      return Step.WAIT;
    }
    owned.save(verified.inState(Offboarding.RECEIPT));
    return Step.CONTINUE;
  }

  private static void deleteAgain(OwnedOperation owned) {
    var deleted = DeletedItems.of(owned.operation().parameters()).fromStart();
    owned.save(
        ItemDeletion.with(
            deleted, with(List.of(), owned.operation()).inState(Offboarding.DELETING)));
  }

  private static Operation with(List<Instant> times, Operation operation) {
    return operation.with(
        TIMES, times.stream().map(Instant::toString).collect(Collectors.joining(" ")));
  }

  /** Returns the times at which the table, and then each index, contained no item. */
  static List<Instant> times(Operation operation) {
    return Arrays.stream(operation.parameter(TIMES).orElse("").split(" ", -1))
        .filter(time -> !time.isEmpty())
        .map(Instant::parse)
        .toList();
  }
}
