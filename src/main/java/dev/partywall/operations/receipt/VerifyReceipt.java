package dev.partywall.operations.receipt;

import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.operations.receipt.ReceiptVerifier.InvalidReceiptException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command {@code verify-receipt}: verifies receipts in files with the keys in a file. */
public final class VerifyReceipt {
  /** Exit code: all receipts are valid. */
  public static final int VALID = 0;

  /** Exit code: a receipt is not valid. */
  public static final int INVALID = 1;

  /** Exit code: an argument is invalid, or a file cannot be read. */
  public static final int UNREADABLE = 2;

  private static final int MAX_FILE_BYTES = 1 << 20;

  private static final String KEYS = "--keys";

  private VerifyReceipt() {}

  /**
   * The arguments.
   *
   * @param receipts the paths of the receipts
   * @param keys the paths of the key sets; valid arguments have one
   */
  private record Arguments(List<String> receipts, List<String> keys, Faults faults) {
    static Arguments of(List<String> args) {
      var read = new Arguments(new ArrayList<>(), new ArrayList<>(), new Faults());
      for (var i = 0; i < args.size(); i++) {
        var arg = args.get(i);
        if (arg.equals(KEYS) && i + 1 < args.size()) {
          i++;
          read.keys.add(args.get(i));
        } else if (arg.startsWith("-") && !arg.equals(KEYS)) {
          read.faults.add(arg, "is unknown; the option is " + KEYS);
        } else if (!arg.equals(KEYS)) {
          read.receipts.add(arg);
        }
      }
      read.check();
      return read;
    }

    private void check() {
      if (receipts.isEmpty()) {
        faults.add("FILE", "at least one is required");
      }
      if (keys.size() != 1) {
        faults.add(KEYS, "one path of a JWK set is required");
      }
    }
  }

  /**
   * Verifies the receipts. Prints one line per file to {@code out}, and the faults of the arguments
   * and of unreadable files to {@code err}. Reads all files before it prints a result.
   *
   * @return the exit code: {@link #VALID}, {@link #INVALID} or {@link #UNREADABLE}
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    var arguments = Arguments.of(args);
    var faults = arguments.faults();
    if (!faults.isEmpty()) {
      return unreadable(faults, err);
    }
    var documents = new LinkedHashMap<String, byte[]>();
    arguments.receipts().forEach(file -> read(file, documents, faults));
    var verifier = verifier(arguments.keys().getFirst(), faults);
    return faults.isEmpty() ? verify(documents, verifier, out) : unreadable(faults, err);
  }

  private static int unreadable(Faults faults, PrintStream err) {
    faults.lines().forEach(err::println);
    return UNREADABLE;
  }

  private static void read(String file, Map<String, byte[]> documents, Faults faults) {
    try {
      documents.put(file, content(file));
    } catch (IOException | InvalidPathException e) {
      faults.add(file, "cannot be read: " + e);
    }
  }

  private static byte[] content(String file) throws IOException {
    try (var in = Files.newInputStream(Path.of(file))) {
      var bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new IOException("it has more than " + MAX_FILE_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static ReceiptVerifier verifier(String file, Faults faults) {
    try {
      var verifier = ReceiptVerifier.of(content(file));
      if (verifier.keys().isEmpty()) {
        faults.add(file, "contains no Ed25519 key");
      }
      return verifier;
    } catch (MalformedJsonException e) {
      faults.add(file, String.valueOf(e.getMessage()));
    } catch (IOException | InvalidPathException e) {
      faults.add(file, "cannot be read: " + e);
    }
    return new ReceiptVerifier(Map.of());
  }

  private static int verify(
      Map<String, byte[]> documents, ReceiptVerifier verifier, PrintStream out) {
    var result = VALID;
    for (var document : documents.entrySet()) {
      try {
        var receipt = verifier.verify(document.getValue());
        out.println(document.getKey() + ": valid: " + summary(receipt));
      } catch (InvalidReceiptException e) {
        out.println(document.getKey() + ": invalid: " + e.getMessage());
        result = INVALID;
      }
    }
    return result;
  }

  /** Names only values whose form is checked, because the text goes to a terminal. */
  private static String summary(Receipt receipt) {
    return "tenant %s, incarnation %d: requested at %s, %d items deleted from %s to %s"
        .formatted(
            receipt.tenant(),
            receipt.incarnation(),
            Json.time(receipt.requestedAt()),
            receipt.deletion().items(),
            Json.time(receipt.deletion().startedAt()),
            Json.time(receipt.endedAt()));
  }
}
