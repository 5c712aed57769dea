package dev.partywall.runtime;

import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationSteps;
import dev.partywall.operations.lifecycle.OperationUnits;
import dev.partywall.operations.lifecycle.OwnedOperation.Sources;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.transfer.ExportContext;
import dev.partywall.operations.transfer.ExportRoute;
import dev.partywall.operations.transfer.ExportSteps;
import dev.partywall.operations.transfer.ImportContext;
import dev.partywall.operations.transfer.ImportRoutes;
import dev.partywall.operations.transfer.ImportSteps;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The routes that transfer the content of a tenant, and the steps of their operations. */
final class Transfers {
  private final TenantRegistry registry;
  private final ExportRoute export;
  private final ImportContext imports;

  /**
   * Creates the routes.
   *
   * @param collections the collections that an import accepts; empty permits each name
   * @param units counts the capacity that the transfers consume
   * @param pace limits this capacity
   */
  Transfers(
      Settings settings,
      Set<String> collections,
      Tenancy tenancy,
      AwsClients aws,
      OperationAudit audit,
      OperationUnits units,
      OperationPace pace,
      CheckedClock clock,
      RandomGenerator random) {
    this.registry = tenancy.registry();
    var tables =
        new TenantTables(
            aws,
            aws.serviceDynamo(),
            settings.isolation(),
            tenancy::isCurrent,
            tenancy.locations(),
            units.listener(OperationKind.EXPORT, pace),
            clock::correctedTime);
    var context =
        new ExportContext(
            tenancy.registry(),
            tenancy.directory(),
            tenancy.registry().operations(),
            new Sources(() -> UUID.randomUUID().toString(), System::nanoTime),
            clock::correctedTime);
    export = new ExportRoute(settings.service(), context, tables, pace, audit);
    imports =
        new ImportContext(
            settings.service(),
            collections,
            aws.operationDynamo(units.listener(OperationKind.IMPORT, pace)),
            tenancy.locations(),
            pace,
            tenancy.barrier(),
            tenancy.requests(),
            audit,
            clock,
            ContentPages.MAX_ITEMS,
            random);
  }

  List<OperationSteps> steps() {
    return List.of(new ExportSteps(), new ImportSteps(imports));
  }

  List<Route> routes(TenantOperations operations) {
    var routes = new ArrayList<>(ImportRoutes.of(registry, operations, imports));
    routes.add(export.route());
    return List.copyOf(routes);
  }
}
