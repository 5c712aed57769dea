package dev.partywall.tenancy.registry;

import java.util.List;

/** Waits until every instance knows a change of the registry, and no earlier request is running. */
@FunctionalInterface
public interface Barrier {
  /**
   * Returns the ids of the instances that have not acknowledged a change. The operation proceeds
   * when the list is empty.
   *
   * @param sequence the number of the change
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the registry is unavailable
   */
  List<String> waitingFor(long sequence);
}
