package dev.partywall.runtime;

import dev.partywall.observability.log.ProcessOutput;
import dev.partywall.orders.OrderRoutes;
import java.util.List;

/** The service with routes for operators, in its own process. */
final class OperatorService {
  private OperatorService() {}

  static void main(String[] args) throws Exception {
    var output = ProcessOutput.capture();
    var declarations = ServiceFixture.declare(List.of(OrderRoutes::of, OperatorCapability::of));
    var service =
        Service.start(Settings.from(System.getenv(), declarations.firstName()), declarations);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              service.drain();
              output.close();
            }));
  }
}
