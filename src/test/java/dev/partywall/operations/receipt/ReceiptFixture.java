package dev.partywall.operations.receipt;

import dev.partywall.operations.receipt.DeletionResult.DeletedTable;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A receipt, and a signer of arbitrary documents that shares no code with the product. */
public final class ReceiptFixture {
  /** The private key of RFC 8037, appendix A.1. */
  public static final String KEY =
      """
      {"kty":"OKP","crv":"Ed25519",
       "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
       "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
      """;

  /** The thumbprint of the key, which RFC 8037, appendix A.3, states. */
  static final String KEY_ID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

  /** A key set that contains the public key under another id. */
  static final String KEY_SET =
      """
      {"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"},
        {"kid":"first","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
      """;

  static final String HEADER =
      "{\"alg\":\"EdDSA\",\"typ\":\"partywall-receipt+jws\",\"kid\":\"%s\"}".formatted(KEY_ID);

  static final String PAYLOAD =
      """
      {"iss":"partywall","service":"orders","sub":"acme","incarnation":2,"requestedBy":"olga",
      "requestedAt":"2026-11-28T08:00:00.000Z","startedAt":"2026-12-28T08:00:01.000Z",
      "endedAt":"2026-12-28T08:00:05.000Z","tables":[{"name":"partywall-orders",
      "collections":{"mark":3,"order":4},"expiring":5}],"keysSha256":"%s",
      "verifiedEmptyAt":["2026-12-28T08:00:03.000Z","2026-12-28T08:00:04.000Z"],
      "kept":[{"what":"bills","reason":"Invoices.","until":null},
      {"what":"backups","reason":"Recovery.","until":"2027-02-01T08:00:05.000Z"}]}\
      """
          .replace("\n", "")
          .formatted("ab".repeat(32));

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private ReceiptFixture() {}

  /** Returns the receipt with the content of {@link #PAYLOAD}. */
  static Receipt receipt() {
    var deletion =
        new DeletionResult(
            Instant.parse("2026-12-28T08:00:01Z"),
            List.of(new DeletedTable("partywall-orders", Map.of("order", 4L, "mark", 3L), 5)),
            "ab".repeat(32),
            List.of(Instant.parse("2026-12-28T08:00:03Z"), Instant.parse("2026-12-28T08:00:04Z")));
    return new Receipt(
        "orders",
        new TenantId("acme"),
        2,
        "olga",
        Instant.parse("2026-11-28T08:00:00Z"),
        deletion,
        Instant.parse("2026-12-28T08:00:05Z"),
        List.of(
            new KeptData("bills", "Invoices.", Optional.empty()),
            new KeptData(
                "backups", "Recovery.", Optional.of(Instant.parse("2027-02-01T08:00:05Z")))));
  }

  /** Signs a header and a payload, whatever they contain. */
  static String sign(String header, String payload) {
    var input = encoded(header) + "." + encoded(payload);
    try {
      var signature = Signature.getInstance("EdDSA");
      signature.initSign(privateKey());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static PrivateKey privateKey() throws GeneralSecurityException {
    var bytes = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    return KeyFactory.getInstance("EdDSA")
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, bytes));
  }

  private static String encoded(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
