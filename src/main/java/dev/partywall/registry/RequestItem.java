package dev.partywall.registry;

import dev.partywall.http.Sha256;
import dev.partywall.registry.TenantWrite.Condition;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The record of an idempotency key. Its condition ignores a record that has expired, because
 * DynamoDB deletes expired items late.
 */
record RequestItem(RequestKey key, Instant now) {
  private static final String CONTENT = "sha";
  private static final int HASH_BYTES = 32;

  /**
   * The lifetime of a key. DynamoDB's time to live has a granularity of one second, so one second
   * is added.
   */
  private static final Duration WINDOW = Duration.ofHours(24).plusSeconds(1);

  Map<String, AttributeValue> attributes(TenantRecord created, String nonce) {
    // A key is of any length and content, and the names of partitions are not.
    var partition = ".request#" + Sha256.name(List.of(key.key()), HASH_BYTES);
    var item = new HashMap<>(Attributes.keyAndFormat(partition, "request"));
    item.put(CONTENT, Attributes.text(key.bodySha256()));
    item.put(TenantItem.NONCE, Attributes.text(nonce));
    item.put(TenantItem.DOCUMENT, Attributes.text(TenantItem.document(created)));
    item.put(Attributes.EXPIRY, Attributes.number(now.plus(WINDOW).getEpochSecond()));
    return item;
  }

  /** Returns the condition that the key is unused. */
  Optional<Condition> isFree() {
    return Optional.of(
        new Condition(
            "attribute_not_exists(pk) OR #ttl <= :now",
            Map.of("#ttl", Attributes.EXPIRY), // a reserved word
            Map.of(":now", Attributes.number(now.getEpochSecond()))));
  }

  /** Returns the result for a request with a used key. */
  Creation repeated(Map<String, AttributeValue> stored) {
    return Attributes.requiredText(stored, CONTENT).equals(key.bodySha256())
        ? new Creation.Repeated(TenantItem.read(stored))
        : new Creation.KeyReused();
  }
}
