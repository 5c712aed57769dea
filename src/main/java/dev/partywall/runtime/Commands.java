package dev.partywall.runtime;

import dev.partywall.error.ApiException;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.metering.commands.ExportUsage;
import dev.partywall.metering.commands.ReconcileUsage;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.storage.CountedWrites;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** The usage commands, which read the ledger and serve no requests. */
public final class Commands implements AutoCloseable {
  /** The exit status if no result could be determined; 1 means that a difference was found. */
  private static final int NO_RESULT = 3;

  private final Settings settings;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final AwsClients aws;
  private final Ledger ledger;

  private Commands(Settings settings) {
    this.settings = settings;
    this.aws = new AwsClients(settings, clock, random, List.of(), (_, _) -> {});
    this.ledger = new Ledger(aws.serviceDynamo(), settings.storage().tablePrefix(), clock, random);
  }

  /** Runs {@code export-usage}. Returns its exit status. */
  public static int exportUsage(Settings settings, List<String> args) {
    return execute(
        settings,
        commands ->
            new ExportUsage(commands.ledger, commands.clock).run(args, System.out, System.err));
  }

  /** Runs {@code reconcile-usage}. Returns its exit status. */
  public static int reconcileUsage(Settings settings, List<String> args) {
    return execute(settings, commands -> commands.reconcile(args));
  }

  private int reconcile(List<String> args) throws InterruptedException {
    var client = aws.tenantDynamo((_, _) -> {}, CredentialListener.NONE);
    var countedWrites = new CountedWrites(client, settings.storage().placements());
    var command = new ReconcileUsage(ledger, countedWrites, clock, time -> Thread.sleep(time));
    return command.run(args, System.out, System.err);
  }

  @Override
  public void close() {
    aws.close();
  }

  @FunctionalInterface
  private interface UsageCommand {
    int run(Commands commands) throws InterruptedException;
  }

  private static int execute(Settings settings, UsageCommand command) {
    try (var commands = new Commands(settings)) {
      return command.run(commands);
    } catch (ApiException e) {
      var cause =
          e.getCause() == null ? "the service's credentials do not permit the call" : e.getCause();
      System.err.println("AWS is unreachable or rejected the call: " + cause);
      return NO_RESULT;
    } catch (SdkClientException e) {
      System.err.println("AWS configuration: " + e.getMessage());
      return NO_RESULT;
    } catch (SdkServiceException e) { // a permanent error other than missing permissions
      System.err.println("AWS rejected the call: " + e.getMessage());
      return NO_RESULT;
    } catch (RuntimeException e) { // unreadable data
      System.err.println("Some data could not be read: " + e.getMessage());
      return NO_RESULT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NO_RESULT;
    }
  }
}
