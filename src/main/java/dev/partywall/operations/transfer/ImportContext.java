package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OwnedProgress;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.storage.content.ImportParts;
import dev.partywall.storage.content.ItemSearch;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.registry.Barrier;
import dev.partywall.tenancy.registry.Operation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Everything that an import needs.
 *
 * @param service the name of the service, which the file must state
 * @param collections the collections that the service has declared; empty permits each name
 * @param requests the requests in flight, for which the barrier waits
 * @param audit receives each step that changes what a request of the tenant sees
 * @param client a client with the bound tenant's credentials, whose capacity counts as an import's
 * @param pageItems the number of items that one transaction writes or deletes; at most {@link
 *     ContentPages#MAX_ITEMS}
 * @param random adds jitter; must be thread-safe
 */
public record ImportContext(
    String service,
    Set<String> collections,
    DynamoDbClient client,
    TenantLocations locations,
    OperationPace pace,
    Barrier barrier,
    RequestGenerations requests,
    OperationAudit audit,
    CheckedClock clock,
    int pageItems,
    RandomGenerator random) {
  ImportParts parts() {
    return new ImportParts(client, locations, random);
  }

  /** Returns the pages of a revision of the bound tenant's content. */
  ContentPages pages(int revision) {
    return ContentPages.of(client, locations, parts(), revision);
  }

  /** Returns the file that was sent to an import. */
  ImportFile file(Operation operation, PacedCalls.Owned calls) {
    return new ImportFile(new ImportContent(parts(), operation.id(), calls), collections);
  }

  ProgressItem progress() {
    return new ProgressItem(client, locations);
  }

  /** Returns the calls of a request. */
  PacedCalls calls() {
    return new PacedCalls(pace, random);
  }

  OwnedProgress ownedProgress() {
    return new OwnedProgress(progress(), clock);
  }

  ItemSearch itemSearch() {
    return new ItemSearch(client, locations);
  }

  Instant now() {
    return clock.correctedTime().truncatedTo(ChronoUnit.MILLIS);
  }
}
