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
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What the jar does beside serving, for finance: it reads the ledger, and serves nobody. */
final class Commands {
  /** The exit status where nothing could be found out; 1 is for a difference that was found. */
  private static final int NOT_REACHED = 3;

  private final Settings settings;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final AwsClients aws;
  private final Ledger ledger;

  private Commands(Settings settings) {
    this.settings = settings;
    this.aws = new AwsClients(settings, clock, random, List.of());
    this.ledger = new Ledger(aws.own(), settings.storage().tablePrefix(), clock, random);
  }

  static int exportUsage(Settings settings, List<String> args) {
    return reached(
        settings, it -> new ExportUsage(it.ledger, it.clock).run(args, System.out, System.err));
  }

  static int reconcileUsage(Settings settings, List<String> args) {
    return reached(settings, it -> it.reconcile(args));
  }

  private int reconcile(List<String> args) throws InterruptedException {
    var client = aws.tenants((_, _) -> {}, CredentialListener.NONE);
    var marks = new Marks(client, settings.storage().placements());
    var command =
        new ReconcileUsage(ledger, marks, Commands::tenant, clock, time -> Thread.sleep(time));
    return command.run(args, System.out, System.err);
  }

  /** Counting is the same for every tier. */
  static Tenant tenant(TenantId id) {
    return new Tenant(id, "free");
  }

  @FunctionalInterface
  private interface Command {
    int run(Commands commands) throws InterruptedException;
  }

  /** Standard output belongs to what the command finds, so nothing is logged there. */
  private static int reached(Settings settings, Command command) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    try {
      return command.run(new Commands(settings));
    } catch (Refused e) {
      var cause = e.getCause() == null ? "the service's credentials don't allow it" : e.getCause();
      System.err.println("AWS can't be reached, or refuses: " + cause);
      return NOT_REACHED;
    } catch (SdkClientException e) {
      System.err.println("AWS_REGION and the like: " + e.getMessage());
      return NOT_REACHED;
    } catch (SdkServiceException e) { // which is not about credentials, and does not pass
      System.err.println("AWS refuses: " + e.getMessage());
      return NOT_REACHED;
    } catch (RuntimeException e) { // what is there can't be read
      System.err.println("not everything could be looked at: " + e.getMessage());
      return NOT_REACHED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NOT_REACHED;
    }
  }
}
