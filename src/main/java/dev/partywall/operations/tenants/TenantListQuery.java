package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Cursor;
import dev.partywall.http.Paging;
import dev.partywall.http.Request;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.OperationStore.TenantState;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.TenantFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of a list of tenants. */
record TenantListQuery(TenantFilter filter, Cursor cursors, Paging paging) {
  /** In these states, a tenant has an operation. */
  private static final Set<TenantStatus> WITH_OPERATION =
      Set.of(TenantStatus.PROVISIONING, TenantStatus.OFFBOARDING);

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

  /**
   * Returns the page as JSON, with the running operations of its tenants. The record and the
   * operation of an entry are of the same moment. This takes one read of the record for each tenant
   * that has an operation.
   */
  ObjectNode page(TenantRegistry registry, TenantOperations operations) {
    var page = registry.list(filter, paging.after().map(TenantId::new), paging.limit());
    var running =
        running(page.tenants(), registry.operations()).stream()
            .collect(Collectors.toMap(Operation::tenant, Function.identity()));
    var states = new ConcurrentHashMap<TenantId, TenantState>();
    BoundedParallel.eachOrThrow(
        page.tenants(),
        Execution.inCurrent(tenant -> {
          var read = new TenantState(tenant, Optional.ofNullable(running.get(tenant.id())));
          states.put(tenant.id(), ofOneMoment(read, registry, operations));
        }));
    return write(page.tenants().stream().map(tenant -> states.get(tenant.id())), page.next());
  }

  /** The tenants of a page are in the order of their ids. */
  private static List<Operation> running(List<TenantRecord> tenants, OperationStore store) {
    return tenants.isEmpty()
        ? List.of()
        : store.between(tenants.getFirst().id(), tenants.getLast().id());
  }

  /**
   * Returns the state of a tenant whose record was read before its operation. The begin or the end
   * of an operation between the two reads makes them contradict each other only if one of them
   * shows an operation.
   */
  private static TenantState ofOneMoment(
      TenantState read, TenantRegistry registry, TenantOperations operations) {
    var tenant = read.tenant();
    if (read.operation().isEmpty() && !WITH_OPERATION.contains(tenant.status())) {
      return new TenantState(tenant, operations.failed(tenant));
    }
    return registry.find(tenant.id()).filter(read::isVersionOf).isPresent()
        ? read
        : operations.state(tenant.id()).orElse(read);
  }

  private ObjectNode write(Stream<TenantState> states, Optional<TenantId> next) {
    var node = JsonNodeFactory.instance.objectNode();
    var tenants = node.putArray("tenants");
    states
        .filter(state -> filter.permits(state.tenant())) // it may have changed meanwhile
        .forEach(state -> tenants.add(TenantJson.write(state.tenant(), state.operation())));
    next.ifPresent(id -> node.put("next", cursors.write(id.value())));
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
