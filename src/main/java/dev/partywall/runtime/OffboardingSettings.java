package dev.partywall.runtime;

import dev.partywall.operations.receipt.ReceiptKey;
import dev.partywall.operations.tenants.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for the deletion of tenants.
 *
 * @param retention the default time from the request until the deletion
 * @param receiptKey signs the receipts; empty if no tenant can be deleted
 * @param warning a risk of the configuration that does not prevent the start
 */
public record OffboardingSettings(
    Duration retention, Optional<ReceiptKey> receiptKey, Optional<String> warning) {
  private static final String KEY = "PARTYWALL_RECEIPT_KEY";
  private static final String RETENTION = "PARTYWALL_RETENTION";
  private static final Set<PosixFilePermission> OPEN =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  static OffboardingSettings read(Environment env) {
    var key = env.file(KEY).flatMap(document -> key(env, document));
    return new OffboardingSettings(retention(env), key, key.flatMap(_ -> warning(env)));
  }

  private static Duration retention(Environment env) {
    var retention = Retention.parse(env.text(RETENTION, "P30D"));
    if (retention.isEmpty()) {
      env.fault(RETENTION, "must be " + Retention.RULE);
    }
    return retention.orElse(Duration.ZERO);
  }

  private static Optional<ReceiptKey> key(Environment env, byte[] document) {
    try {
      return Optional.of(ReceiptKey.parse(document));
    } catch (IllegalArgumentException e) {
      env.fault(KEY, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<String> warning(Environment env) {
    return env.optional(KEY)
        .filter(path -> isOpen(Path.of(path)))
        .map(path -> KEY + ": other users of this machine can read the private key in " + path);
  }

  /** A file system without POSIX permissions, such as that of Windows, causes no warning. */
  private static boolean isOpen(Path file) {
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OPEN::contains);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
