package dev.partywall.registry;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.Operation.Origin;
import dev.partywall.tenancy.registry.Operation.Ownership;
import dev.partywall.tenancy.registry.Operation.Progress;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The mapping of an operation to its item and back. The document contains the operation; the
 * attributes beside it are those that conditions use.
 */
final class OperationItem {
  /** The partition of all operations. */
  static final String PARTITION = ".operations";

  static final String ID = "id";
  static final String EPOCH = "e";
  static final String LEASE = "l";
  private static final String DOCUMENT = "doc";

  private OperationItem() {}

  static Map<String, AttributeValue> key(TenantId tenant) {
    return Attributes.keyOf(PARTITION, tenant.value());
  }

  static Map<String, AttributeValue> of(Operation operation) {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, operation.tenant().value()));
    item.put(ID, Attributes.text(operation.id()));
    item.put(EPOCH, Attributes.number(operation.ownership().epoch()));
    item.put(LEASE, Attributes.text(operation.ownership().lease()));
    item.put(DOCUMENT, Attributes.text(Json.text(out -> write(operation, out))));
    return item;
  }

  private static void write(Operation operation, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("incarnation", operation.incarnation());
    out.writeStringField("kind", operation.kind().label());
    out.writeStringField("state", operation.state());
    out.writeStringField("requestedBy", operation.requestedBy());
    out.writeStringField("startedAt", operation.origin().startedAt().toString());
    out.writeNumberField("sequence", operation.origin().sequence());
    out.writeObjectFieldStart("parameters");
    for (var parameter : operation.parameters().entrySet()) {
      out.writeStringField(parameter.getKey(), parameter.getValue());
    }
    out.writeEndObject();
    write(operation.progress(), out);
    out.writeEndObject();
  }

  private static void write(Progress progress, JsonGenerator out) throws IOException {
    out.writeNumberField("done", progress.done());
    out.writeArrayFieldStart("waitingFor");
    for (var instance : progress.waitingFor()) {
      out.writeString(instance);
    }
    out.writeEndArray();
    if (progress.reason().isPresent()) {
      out.writeStringField("reason", progress.reason().get());
    }
  }

  /**
   * Returns the operation in an item.
   *
   * @throws IllegalStateException when a later release wrote the item in an unknown format
   */
  static Operation read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    var json = Json.parseStored(Attributes.requiredText(item, DOCUMENT));
    return new Operation(
        new TenantId(Attributes.requiredText(item, Attributes.SORT_KEY)),
        json.required("incarnation").intValue(),
        kind(text(json, "kind")),
        Attributes.requiredText(item, ID),
        new Origin(
            text(json, "requestedBy"),
            Instant.parse(text(json, "startedAt")),
            json.required("sequence").longValue()),
        text(json, "state"),
        json.required("parameters").properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().textValue())),
        progress(json),
        new Ownership(
            Attributes.requiredNumber(item, EPOCH), Attributes.requiredText(item, LEASE)));
  }

  private static Progress progress(JsonNode json) {
    return new Progress(
        json.required("done").longValue(),
        json.required("waitingFor").valueStream().map(JsonNode::textValue).toList(),
        Optional.ofNullable(json.path("reason").textValue()));
  }

  private static OperationKind kind(String label) {
    return OperationKind.of(label)
        .orElseThrow(
            () -> new IllegalStateException("the operation has a kind unknown to this release"));
  }

  private static String text(JsonNode json, String name) {
    return json.required(name).textValue();
  }
}
