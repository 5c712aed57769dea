package dev.partywall.runtime;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the registry, as they are stored: each transaction that registers a tenant writes
 * its record, a copy for lists, a change and the record of the idempotency key.
 */
record RegisteredItems(List<Map<String, AttributeValue>> items) {
  static RegisteredItems scan(LocalDynamo dynamo, String prefix) {
    try (var engine = dynamo.client()) {
      var items =
          engine
              .scanPaginator(scan -> scan.tableName(prefix + "tenants").consistentRead(true))
              .items();
      return new RegisteredItems(items.stream().toList());
    }
  }

  private static boolean isIn(Map<String, AttributeValue> item, String partition) {
    return Attributes.requiredText(item, "pk").startsWith(partition);
  }

  private static boolean isRecord(Map<String, AttributeValue> item) {
    return Attributes.requiredText(item, "sk").equals(".tenant");
  }

  private static boolean hasName(Map<String, AttributeValue> item, String name) {
    return item.containsKey("doc")
        && Json.parse(Attributes.requiredText(item, "doc").getBytes(StandardCharsets.UTF_8))
            .path("name")
            .asText()
            .equals(name);
  }

  private Stream<Map<String, AttributeValue>> matching(
      Predicate<Map<String, AttributeValue>> condition) {
    return items.stream().filter(condition);
  }

  /** Returns the id of the tenant with the name. */
  Optional<String> idOf(String name) {
    return matching(item -> isRecord(item) && hasName(item, name))
        .map(item -> Attributes.requiredText(item, "pk"))
        .findAny();
  }

  boolean isAbsent(String name) {
    return matching(item -> hasName(item, name)).findAny().isEmpty();
  }

  /** Returns whether each kind of item exists exactly once. */
  boolean isComplete(String name) {
    var id = idOf(name);
    return id.isPresent()
        && matching(item -> hasName(item, name)).count() == 3
        && matching(item -> hasName(item, name) && isIn(item, ".tenants")).count() == 1
        && matching(item -> hasName(item, name) && isIn(item, ".request#")).count() == 1
        && matching(item ->
                isIn(item, ".changes") && Attributes.requiredText(item, "t").equals(id.get()))
                .count()
            == 1;
  }

  /** Asserts that the changes, the sequence and the number of tenants per issuer agree. */
  void assertConsistent() {
    var tenants = matching(RegisteredItems::isRecord).count();
    var changes =
        matching(item -> isIn(item, ".changes"))
            .map(item -> Long.valueOf(Attributes.requiredText(item, "sk")));
    assertEquals(LongStream.rangeClosed(1, tenants).boxed().toList(), changes.sorted().toList());
    var counters =
        matching(item -> isIn(item, ".sequence") || isIn(item, ".issuers"))
            .collect(toMap(item -> Attributes.requiredText(item, "pk"), RegisteredItems::number));
    assertEquals(Map.of(".sequence", tenants, ".issuers", tenants), counters);
  }

  private static Long number(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .filter(entry -> entry.getKey().equals("s") || entry.getKey().startsWith("count#"))
        .map(entry -> Long.valueOf(entry.getValue().n()))
        .findAny()
        .orElseThrow();
  }
}
