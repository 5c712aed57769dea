package dev.partywall.operations.transfer;

import dev.partywall.http.Response.SendResult;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The audit entries of one export: its start, and its end with the numbers of items. Both name the
 * operator and the tenant.
 */
final class ExportAudit {
  private static final String ACTION = "GET " + ExportRoute.TEMPLATE;

  private final OperationAudit audit;
  private final String object;
  private final String table;
  private final Execution execution = Execution.current().orElseThrow();
  private final Tenant tenant = TenantContext.current();

  /**
   * Creates the entries for the bound tenant.
   *
   * @param object the path of the request
   * @param table the name of the table that is read
   */
  ExportAudit(OperationAudit audit, String object, String table) {
    this.audit = audit;
    this.object = object;
    this.table = table;
  }

  void started() {
    audit.record(ACTION, object, "started", details());
  }

  /** Records the end. The server calls it after the execution has ended. */
  void ended(ExportRun run, SendResult sent) {
    var details = details();
    details.put("complete", sent.complete());
    details.put("bytes", sent.bytes());
    new TreeMap<>(run.counts())
        .forEach((collection, count) -> details.put("items." + collection, count));
    if (!sent.complete()) {
      details.put("reason", run.failure().orElse("The client did not take the export."));
    }
    var outcome = sent.complete() ? "done" : "failed";
    execution.runForTenant(tenant, () -> audit.record(ACTION, object, outcome, details));
  }

  private SequencedMap<String, Object> details() {
    var details = new LinkedHashMap<String, Object>();
    details.put("table", table);
    return details;
  }
}
