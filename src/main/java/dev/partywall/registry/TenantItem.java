package dev.partywall.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The mapping of a tenant's record to items and back. The document contains the complete record.
 * The attributes beside it are those that conditions and filters use.
 */
final class TenantItem {
  static final String VERSION = "v";
  static final String INCARNATION = "inc";
  static final String STATUS = "st";

  /** The revision of the content, from the second one on. It changes without a new version. */
  static final String CONTENT_REVISION = "cr";

  static final String TIER = "tier";
  static final String DOCUMENT = "doc";

  /** Identifies the write of an item. */
  static final String NONCE = "n";

  /** The partition of the copies for lists. */
  static final String LIST_PARTITION = ".tenants";

  /** Not a tenant id: 0.1.0 stored a placement per tenant in a partition {@code placements}. */
  private static final String SORT_KEY = ".tenant";

  private static final String SHARDED_POOL = "pool with (\\d+) shards";

  private TenantItem() {}

  static Map<String, AttributeValue> key(TenantId id) {
    return Attributes.keyOf(id.value(), SORT_KEY);
  }

  /** Returns the item of a record. */
  static Map<String, AttributeValue> of(TenantRecord tenant, String nonce) {
    var item = new HashMap<>(Attributes.keyAndFormat(tenant.id().value(), SORT_KEY));
    item.put(VERSION, Attributes.number(tenant.version()));
    item.put(INCARNATION, Attributes.number(tenant.incarnation()));
    item.put(STATUS, Attributes.text(tenant.status().label()));
    if (tenant.contentRevision() > TenantLocation.FIRST_REVISION) {
      item.put(CONTENT_REVISION, Attributes.number(tenant.contentRevision()));
    }
    item.put(NONCE, Attributes.text(nonce));
    item.put(DOCUMENT, Attributes.text(document(tenant)));
    return item;
  }

  /** Returns the copy of a record for lists. */
  static Map<String, AttributeValue> listed(TenantRecord tenant) {
    var item = new HashMap<>(Attributes.keyAndFormat(LIST_PARTITION, tenant.id().value()));
    item.put(STATUS, Attributes.text(tenant.status().label()));
    item.put(TIER, Attributes.text(tenant.tier()));
    item.put(DOCUMENT, Attributes.text(document(tenant)));
    return item;
  }

  /**
   * Returns the record in an item.
   *
   * @throws IllegalStateException when a later release wrote the item in an unknown format
   */
  static TenantRecord read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return record(Attributes.requiredText(item, DOCUMENT));
  }

  /** Returns the JSON document of a record. */
  static String document(TenantRecord tenant) {
    return Json.text(out -> write(tenant, out));
  }

  private static void write(TenantRecord tenant, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", tenant.id().value());
    out.writeStringField("name", tenant.name());
    out.writeStringField("tier", tenant.tier());
    out.writeStringField("status", tenant.status().label());
    out.writeStringField("placement", tenant.placement().description());
    writeOverrides(tenant.overrides(), out);
    out.writeArrayFieldStart("issuers");
    for (var issuer : tenant.issuers()) {
      out.writeString(issuer);
    }
    out.writeEndArray();
    out.writeStringField("createdAt", tenant.createdAt().toString());
    out.writeStringField("updatedAt", tenant.updatedAt().toString());
    out.writeNumberField("version", tenant.version());
    out.writeNumberField("incarnation", tenant.incarnation());
    if (tenant.operation().isPresent()) {
      out.writeStringField("operation", tenant.operation().get().label());
    }
    if (tenant.contentRevision() > TenantLocation.FIRST_REVISION) {
      out.writeNumberField("contentRevision", tenant.contentRevision());
    }
    out.writeEndObject();
  }

  private static void writeOverrides(Overrides overrides, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("limits");
    for (var limit : overrides.limits().entrySet()) {
      out.writeFieldName(limit.getKey().label());
      if (limit.getValue().isPresent()) {
        out.writeNumber(limit.getValue().getAsLong());
      } else {
        out.writeNull(); // unlimited
      }
    }
    out.writeEndObject();
    out.writeObjectFieldStart("features");
    for (var feature : overrides.features().entrySet()) {
      out.writeBooleanField(feature.getKey(), feature.getValue());
    }
    out.writeEndObject();
  }

  /** Returns the record in a document. */
  static TenantRecord record(String document) {
    var json = Json.parseStored(document);
    return new TenantRecord(
        new TenantId(text(json, "id")),
        text(json, "name"),
        text(json, "tier"),
        TenantStatus.of(text(json, "status")).orElseThrow(() -> unknown("status")),
        placement(text(json, "placement")),
        new Overrides(limits(json.required("limits")), features(json.required("features"))),
        json.required("issuers").valueStream().map(JsonNode::textValue).collect(Collectors.toSet()),
        Instant.parse(text(json, "createdAt")),
        Instant.parse(text(json, "updatedAt")),
        json.required("version").longValue(),
        json.required("incarnation").intValue(),
        operation(json.path("operation")),
        json.path("contentRevision").asInt(TenantLocation.FIRST_REVISION));
  }

  private static Optional<OperationKind> operation(JsonNode label) {
    return label.isMissingNode()
        ? Optional.empty()
        : Optional.of(OperationKind.of(label.textValue()).orElseThrow(() -> unknown("operation")));
  }

  private static String text(JsonNode json, String name) {
    return json.required(name).textValue();
  }

  /** Returns the placement with this description. */
  static Placement placement(String description) {
    return switch (description) {
      case "pool" -> new Placement.Pool();
      case "silo" -> new Placement.Silo();
      default ->
          Optional.of(description)
              .filter(text -> text.matches(SHARDED_POOL))
              .map(text -> Integer.parseInt(text.replaceFirst(SHARDED_POOL, "$1")))
              .map(Placement.ShardedPool::new)
              .orElseThrow(() -> unknown("placement"));
    };
  }

  /** Ignores limits that only a later release has. */
  private static Map<Limit, OptionalLong> limits(JsonNode json) {
    var limits = new EnumMap<Limit, OptionalLong>(Limit.class);
    json.properties()
        .forEach(entry ->
            Limit.of(entry.getKey())
                .ifPresent(limit -> limits.put(limit, limit(entry.getValue()))));
    return limits;
  }

  private static OptionalLong limit(JsonNode value) {
    return value.isNull() ? OptionalLong.empty() : OptionalLong.of(value.longValue());
  }

  private static Map<String, Boolean> features(JsonNode json) {
    return json.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().booleanValue()));
  }

  private static IllegalStateException unknown(String member) {
    return new IllegalStateException("the tenant has a " + member + " unknown to this release");
  }
}
