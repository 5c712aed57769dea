package dev.partywall;

import dev.partywall.http.Refused;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.metering.ExportUsage;
import dev.partywall.metering.Ledger;
import dev.partywall.metering.ReconcileUsage;
import dev.partywall.storage.Marks;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** What the jar does beside serving, for finance: it reads the ledger, and serves nobody. */
final class Commands {
  private final Settings settings;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final AwsClients aws;
  private final Ledger ledger;

  Commands(Settings settings) {
    this.settings = settings;
    this.aws = new AwsClients(settings, clock, random, List.of());
    this.ledger = new Ledger(aws.own(), settings.storage().tablePrefix(), clock, random);
  }

  int exportUsage(List<String> args) {
    return reached(() -> new ExportUsage(ledger, clock).run(args, System.out, System.err));
  }

  int reconcileUsage(List<String> args) {
    var client = aws.tenants((_, _) -> {}, CredentialListener.NONE);
    var marks = new Marks(client, settings.storage().placements());
    var command =
        new ReconcileUsage(ledger, marks, Commands::tenant, clock, time -> Thread.sleep(time));
    return reached(() -> command.run(args, System.out, System.err));
  }

  /** Counting is the same for every tier. */
  static Tenant tenant(TenantId id) {
    return new Tenant(id, "free");
  }

  @FunctionalInterface
  private interface Command {
    int run() throws InterruptedException;
  }

  private static int reached(Command command) {
    try {
      return command.run();
    } catch (Refused e) {
      System.err.println("AWS can't be reached, or refuses: " + e.getCause());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
