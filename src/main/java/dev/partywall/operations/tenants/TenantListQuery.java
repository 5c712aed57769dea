package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Cursor;
import dev.partywall.http.Paging;
import dev.partywall.http.Request;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.TenantFilter;
import dev.partywall.tenancy.registry.TenantRegistry.TenantPage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parameters of a list of tenants. */
record TenantListQuery(TenantFilter filter, Cursor cursors, Paging paging) {
  /**
   * Reads the query parameters.
   *
   * @throws ApiException as {@link ApiError.Malformed} if a parameter is invalid or repeated
   */
  static TenantListQuery of(Request request) {
    var filter =
        new TenantFilter(
            request.query("status").map(TenantListQuery::status),
            request.query("tier").map(TenantListQuery::tier));
    var cursors = cursors(filter);
    return new TenantListQuery(filter, cursors, Paging.of(request, cursors));
  }

  /** Returns the page as JSON, with the running operations of its tenants. */
  ObjectNode page(TenantRegistry registry, TenantOperations operations) {
    var page = registry.list(filter, paging.after().map(TenantId::new), paging.limit());
    var running =
        running(page.tenants(), operations.store()).stream()
            .collect(Collectors.toMap(Operation::tenant, Function.identity()));
    return write(
        page,
        tenant ->
            Optional.ofNullable(running.get(tenant.id())).or(() -> operations.failed(tenant)));
  }

  /** The tenants of a page are in the order of their ids. */
  private static List<Operation> running(List<TenantRecord> tenants, OperationStore store) {
    return tenants.isEmpty()
        ? List.of()
        : store.between(tenants.getFirst().id(), tenants.getLast().id());
  }

  private ObjectNode write(
      TenantPage page, Function<TenantRecord, Optional<Operation>> operations) {
    var node = JsonNodeFactory.instance.objectNode();
    var tenants = node.putArray("tenants");
    for (var tenant : page.tenants()) {
      tenants.add(TenantJson.write(tenant, operations.apply(tenant)));
    }
    page.next().ifPresent(id -> node.put("next", cursors.write(id.value())));
    return node;
  }

  /** Excludes the limit, which may change from page to page. */
  private static Cursor cursors(TenantFilter filter) {
    var filters =
        List.of(filter.status().map(TenantStatus::label).orElse(""), filter.tier().orElse(""));
    return new Cursor(filters, id -> TenantId.parse(id).isPresent());
  }

  private static TenantStatus status(String label) {
    return TenantStatus.of(label)
        .orElseThrow(() -> ApiException.invalidParameter("status", "one of " + statuses()));
  }

  private static String statuses() {
    return Arrays.stream(TenantStatus.values())
        .map(TenantStatus::label)
        .collect(Collectors.joining(", "));
  }

  /** Accepts the name of a tier that no longer exists, because records may still name it. */
  private static String tier(String name) {
    if (name.isEmpty()) {
      throw ApiException.invalidParameter("tier", "the name of a tier");
    }
    return name;
  }
}
