package dev.partywall.storage;

import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantContext;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * The bound tenant's table. Whose it is comes from {@link TenantContext} at each call and from
 * nowhere else: no method takes a tenant, and none reads without a key. Outside of a tenant's
 * binding every call is an {@link IllegalStateException}.
 *
 * <p>Every method throws {@link dev.partywall.http.Refused} as {@code Unavailable} when DynamoDB
 * can't serve it now.
 */
public final class TenantTable {
  private final DynamoDbClient client;
  private final Placements placements;
  private final InstantSource clock;
  private final MarkListener marks;
  private final Transactor transactor;

  /**
   * A table for whichever tenant is bound.
   *
   * @param client whose credentials are the bound tenant's too
   * @param clock tells what has expired, and which hour a mark belongs to
   * @param random safe for use by many threads
   */
  public TenantTable(
      DynamoDbClient client,
      Placements placements,
      InstantSource clock,
      RandomGenerator random,
      MarkListener marks) {
    this.client = client;
    this.placements = placements;
    this.clock = clock;
    this.marks = marks;
    this.transactor = new Transactor(client, random);
  }

  /** The item of that key. It sees every write that was acknowledged before. */
  public Optional<Item> get(Key key) {
    var home = home();
    var request =
        GetItemRequest.builder()
            .tableName(home.table())
            .key(Attributes.keyOf(home.partitionKeyOf(key.id()), key.sortKey()))
            .consistentRead(true)
            .build();
    var answer = Calls.call("GetItem", home.table(), () -> client.getItem(request));
    return Optional.of(answer.item())
        .filter(Predicate.not(Map::isEmpty))
        .map(Attributes::read)
        .filter(item -> !item.isExpired(clock.instant()));
  }

  /**
   * A page of items: never fewer than asked for while there are more. A page of the whole
   * collection sees every write that was acknowledged before; one by labels may lag behind, and
   * reads the labels one after the other as they are given, so that an item which moves to a later
   * one meanwhile is not missed.
   */
  public Page query(Query query) {
    var home = home();
    var now = clock.instant();
    var runs =
        Section.of(home.table(), home.partitionKeys(), query).stream()
            .map(section -> new Run(client, section, now))
            .toList();
    return new Merge(runs).page(query.limit());
  }

  /** Makes one change. */
  public Outcome write(Write write) {
    return transact(List.of(write));
  }

  /** Makes all of the changes or none: at most 100 items with their marks, and 4 MB. */
  public Outcome transact(List<? extends Write> writes) {
    var now = clock.instant();
    var transaction = new Transaction(home(), List.copyOf(writes), now);
    if (transaction.counts()) {
      marks.before(now.truncatedTo(ChronoUnit.HOURS));
    }
    return transactor.send(transaction);
  }

  private Home home() {
    return placements.homeOf(TenantContext.current().id());
  }
}
