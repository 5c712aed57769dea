package dev.partywall.operations.receipt;

import static dev.partywall.operations.receipt.ReceiptFixture.HEADER;
import static dev.partywall.operations.receipt.ReceiptFixture.KEY_SET;
import static dev.partywall.operations.receipt.ReceiptFixture.PAYLOAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyReceiptTest {
  private static final String VALID =
      ": valid: tenant acme, incarnation 2: requested at 2026-11-28T08:00:00.000Z, 12 items deleted"
          + " from 2026-12-28T08:00:01.000Z to 2026-12-28T08:00:05.000Z\n";

  @TempDir Path folder;
  private String keys;

  /** The exit status and the output of the command. */
  private record VerificationRun(int status, String out, String err) {}

  @BeforeEach
  void storeKeys() throws IOException {
    keys = store("keys.json", KEY_SET);
  }

  private String store(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static VerificationRun run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var status =
        VerifyReceipt.run(List.of(args), new PrintStream(out, true), new PrintStream(err, true));
    return new VerificationRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private VerificationRun verify(String document) throws IOException {
    var file = store("receipt.jws", document);
    var run = run(file, "--keys", keys);
    return new VerificationRun(run.status, run.out.replace(file, "receipt.jws"), run.err);
  }

  @Test
  void acceptsAValidReceiptWithALineBreakAtItsEnd() throws IOException {
    var result = verify(ReceiptFixture.sign(HEADER, PAYLOAD) + "\n");
    assertEquals(new VerificationRun(0, "receipt.jws" + VALID, ""), result);
  }

  /** A file of any size must not fill the memory of the command. */
  @Test
  void rejectsAFileOfMoreThanOneMebibyte() throws IOException {
    var allowed = store("allowed.jws", "x".repeat(1 << 20));
    assertEquals(1, run(allowed, "--keys", keys).status());
    var large = store("large.jws", "x".repeat((1 << 20) + 1));
    var expected = "cannot be read: java.io.IOException: it has more than 1048576 bytes";
    var result = run(large, "--keys", keys);
    assertEquals(2, result.status());
    assertTrue(result.err().contains(expected), result::err);
    var largeKeys = run(allowed, "--keys", store("large.json", " ".repeat((1 << 20) + 1)));
    assertEquals(2, largeKeys.status());
    assertTrue(largeKeys.err().contains(expected), largeKeys::err);
  }

  @Test
  void oneInvalidReceiptAmongValidOnesIsReported() throws IOException {
    var valid = store("a.jws", ReceiptFixture.sign(HEADER, PAYLOAD));
    var invalid = store("b.jws", "x");
    var expected = valid + VALID + invalid + ": invalid: it is not a JWS in compact form\n";
    assertEquals(new VerificationRun(1, expected, ""), run(valid, "--keys", keys, invalid));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aChangeOfAnyPartInvalidatesTheSignature(int part) throws IOException {
    var parts = ReceiptFixture.sign(HEADER, PAYLOAD).split("\\.", -1);
    var other = ReceiptFixture.sign(HEADER.replace("{", "{ "), PAYLOAD.replace("olga", "omar"));
    parts[part] = other.split("\\.", -1)[part];
    assertEquals(
        new VerificationRun(1, "receipt.jws: invalid: the signature is wrong\n", ""),
        verify(String.join(".", parts)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EdDSA                 | ES256         | alg is not EdDSA",
        "EdDSA                 | none          | alg is not EdDSA",
        "partywall-receipt+jws | JWT           | typ is not partywall-receipt+jws",
        "kPrK_                 | aPrK_         | the key set does not contain the key"
            + " aPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        "kPrK_                 | k             | kid is not a thumbprint",
        "'{'                   | '{\"crit\":[\"b64\"],' | the header has the member crit",
      })
  void rejectsAnotherHeader(String from, String to, String reason) throws IOException {
    var document = ReceiptFixture.sign(HEADER.replace(from, to), PAYLOAD);
    assertEquals(
        new VerificationRun(1, "receipt.jws: invalid: " + reason + "\n", ""), verify(document));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partywall\",          | other\",       | /iss: must be partywall",
        "\"acme\"              | \"Ac_me\"      | /sub: must be a tenant id",
        "\"incarnation\":2     | \"incarnation\":0 | /incarnation: must be from 1 to 2147483647",
        "\"requestedBy\":\"olga\", | ''          | /requestedBy: is required",
        "\"startedAt\":\"2026-12-28 | \"startedAt\":\"2026-10-28"
            + " | /startedAt: must not be before the earlier steps",
        "\"endedAt\":\"2026-12-28T08:00 | \"endedAt\":\"2026-12-28T07:57"
            + " | /endedAt: must not be before the earlier steps",
        "[\"2026-12-28T08:00:03 | [\"2026-12-28T07:57:03"
            + " | /verifiedEmptyAt: must not be before the earlier steps",
        "\"order\":4           | \"order\":-1   | /tables/0/collections/order: must be from 0 to"
            + " 9223372036854775807",
        "\"expiring\":5        | \"expiring\":0.5 | /tables/0/expiring: must be an integer, written"
            + " without fraction or exponent",
        "abab\",               | abaB\",        | /keysSha256: must be 64 lower-case hexadecimal"
            + " digits",
        "[\"2026-12-28T08:00:03.000Z\",\"2026-12-28T08:00:04.000Z\"] | []"
            + " | /verifiedEmptyAt: must contain a time",
        "\"kept\":[            | \"keep\":[     | /kept: must be an array",
        "\"until\":null        | \"until\":\"never\" | /kept/0/until: must be a time in RFC 3339",
      })
  void rejectsAnInconsistentPayloadThatIsSigned(String from, String to, String reason)
      throws IOException {
    assertTrue(PAYLOAD.contains(from), from);
    var document = ReceiptFixture.sign(HEADER, PAYLOAD.replace(from, to));
    assertEquals(
        new VerificationRun(1, "receipt.jws: invalid: " + reason + "\n", ""), verify(document));
  }

  /** The clocks of two instances can differ. */
  @Test
  void permitsADeletionThatStartsSecondsBeforeItsRequest() throws IOException {
    var payload = PAYLOAD.replace("2026-11-28T08:00:00.000Z", "2026-12-28T08:02:00.000Z");
    assertEquals(0, verify(ReceiptFixture.sign(HEADER, payload)).status);
  }

  @Test
  void rejectsASecondSpellingOfAReceipt() throws IOException {
    var signed = ReceiptFixture.sign(HEADER, PAYLOAD);
    var last = signed.charAt(signed.length() - 1);
    var respelled = signed.substring(0, signed.length() - 1) + (char) (last + 1);
    assertEquals(
        "receipt.jws: invalid: a part is not in canonical base64url\n", verify(respelled).out);
    assertEquals("receipt.jws: invalid: a part is not in base64url\n", verify(signed + "*").out);
  }

  @Test
  void reportsInvalidArgumentsAndUnreadableFilesOnStandardError() throws IOException {
    var receipt = store("receipt.jws", ReceiptFixture.sign(HEADER, PAYLOAD));
    assertEquals(
        new VerificationRun(
            2, "", "FILE: at least one is required\n--keys: one path of a JWK set is required\n"),
        run());
    assertEquals("-k: is unknown; the option is --keys\n", run("-k", receipt, "--keys", keys).err);
    assertEquals(
        "--keys: one path of a JWK set is required\n",
        run(receipt, "--keys", keys, "--keys", keys).err);
    assertEquals(2, run(receipt, "--keys").status);
    var empty = store("empty.json", "{\"keys\":[]}");
    assertEquals(empty + ": contains no Ed25519 key\n", run(receipt, "--keys", empty).err);
    assertEquals(
        receipt + ": is not JSON: line 1, column 1\n", run(receipt, "--keys", receipt).err);
    var missing = run(receipt, folder + "/none", "--keys", keys);
    assertTrue(missing.err.startsWith(folder + "/none: cannot be read: "), missing::toString);
    assertEquals("", missing.out);
  }
}
