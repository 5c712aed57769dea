package dev.partywall.operations.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptKeyTest {
  private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

  private static ReceiptKey parse(String document) {
    return ReceiptKey.parse(document.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  @Test
  void signsTheCompactForm() {
    var signed = parse(ReceiptFixture.KEY).sign(ReceiptFixture.receipt());

    var parts = signed.split("\\.", -1);
    assertEquals(Json.parseStored(ReceiptFixture.HEADER), Json.parseStored(decoded(parts[0])));
    assertEquals(ReceiptFixture.PAYLOAD, decoded(parts[1]));
    // Ed25519 is deterministic: another implementation creates the same signature.
    assertEquals(ReceiptFixture.sign(decoded(parts[0]), decoded(parts[1])), signed);
  }

  @Test
  void publishesThePublicPartUnderItsThumbprint() {
    var key = parse(ReceiptFixture.KEY).publicKey();

    assertEquals("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", key.id());
    assertEquals(
        Json.parseStored(
            """
            {"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","x":"%s",
             "kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}
            """
                .formatted(X)),
        Json.parseStored(key.jwk()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "no JSON | must be a JSON Web Key",
        "{\"kty\":\"OKP\"} | must be a JSON Web Key",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"} | must be an Ed25519 key (kty OKP, crv Ed25519)",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\",\"d\":\"AA\"}"
            + " | must be an Ed25519 key (kty OKP, crv Ed25519)",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
            + X
            + "\"}"
            + " | must contain a private key (the member d)",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
            + X
            + "\",\"d\":\"AAAA\"}"
            + " | must contain an Ed25519 key pair",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
            + X
            + "\",\"d\":\""
            + X
            + "\"}"
            + " | must contain the public key of d as x",
      })
  void namesTheFaultOfAKeyWithoutQuotingIt(String document, String fault) {
    var e = assertThrows(IllegalArgumentException.class, () -> parse(document));
    assertEquals(fault, e.getMessage());
  }

  /**
   * DynamoDB keeps 35 days of backups, and the table of a silo is deleted within a day. The key of
   * a registration expires after a day. No release deletes the other data.
   */
  @Test
  void namesTheKeptDataAndTheEndOfTheBackups() {
    var kept = KeptData.after(Instant.parse("2026-12-28T08:00:05Z"));

    assertEquals(
        List.of("bills", "audit", "registration", "registration-key", "backups"),
        kept.stream().map(KeptData::what).toList());
    assertEquals(
        List.of(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Instant.parse("2027-01-05T08:00:05Z")),
            Optional.of(Instant.parse("2027-02-02T08:00:05Z"))),
        kept.stream().map(KeptData::until).toList());
  }
}
