package dev.partywall.operations.lifecycle;

import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TestExecution;
import java.util.List;
import java.util.UUID;

/** Operations that no instance executes. */
public final class IdleOperations {
  private IdleOperations() {}

  /** Returns the operations of these kinds. Those of other kinds cannot be cancelled. */
  public static TenantOperations of(RegistryFixture fixture, OperationKind... kinds) {
    return of(fixture, List.of(kinds).stream().map(StubSteps::idle).toArray(OperationSteps[]::new));
  }

  /** Returns the operations with these steps. */
  static TenantOperations of(RegistryFixture fixture, OperationSteps... steps) {
    var store = fixture.registry.operations();
    var runner =
        new OperationRunner(
            store,
            fixture.registry,
            List.of(steps),
            TestExecution::create,
            () -> UUID.randomUUID().toString(),
            fixture.nanoClock::get);
    return new TenantOperations(store, runner);
  }
}
