package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.OperationUnits;
import dev.partywall.operations.lifecycle.OwnedOperation.Sources;
import dev.partywall.operations.transfer.ExportContext;
import dev.partywall.operations.transfer.ExportRoute;
import dev.partywall.operations.transfer.ExportSteps;
import dev.partywall.tenancy.OperationKind;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** The routes that transfer the content of a tenant, and the steps of their operations. */
final class Transfers {
  private final ExportRoute export;

  /**
   * Creates the routes.
   *
   * @param units counts the capacity that the transfers consume
   * @param pace limits this capacity
   */
  Transfers(
      Settings settings,
      Tenancy tenancy,
      AwsClients aws,
      Telemetry telemetry,
      OperationUnits units,
      OperationPace pace,
      InstantSource clock) {
    var tables =
        new TenantTables(
            aws,
            aws.serviceDynamo(),
            settings.isolation(),
            tenancy::isCurrent,
            tenancy.locations(),
            units.listener(OperationKind.EXPORT, pace),
            clock);
    var context =
        new ExportContext(
            tenancy.registry(),
            tenancy.directory(),
            tenancy.registry().operations(),
            new Sources(() -> UUID.randomUUID().toString(), System::nanoTime),
            clock);
    var audit = new OperationAuditLog(telemetry.auditLog());
    export = new ExportRoute(settings.service(), context, tables, pace, audit);
  }

  List<OperationSteps> steps() {
    return List.of(new ExportSteps());
  }

  List<Route> routes() {
    return List.of(export.route());
  }
}
