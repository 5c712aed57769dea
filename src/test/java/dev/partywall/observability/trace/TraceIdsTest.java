package dev.partywall.observability.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.tenancy.Execution.Trace;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceIdsTest {
  private final TraceIds ids = new TraceIds(new SplittableRandom(7)::nextLong);

  @Test
  void opensAnExecutionWithATraceOfItsOwn() {
    var first = ids.newExecution();
    assertEquals(new Trace(Optional.empty(), 2, ""), first.ids().trace());
    assertEquals(Optional.empty(), first.tenant());
    assertNotEquals(first.ids().traceId(), ids.newExecution().ids().traceId());
  }
}
