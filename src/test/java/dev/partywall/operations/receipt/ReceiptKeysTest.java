package dev.partywall.operations.receipt;

import static dev.partywall.operations.receipt.ReceiptFixture.KEY_ID;
import static dev.partywall.storage.FaultInjectingClient.DISCONNECT;
import static dev.partywall.storage.FaultInjectingClient.FORWARD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.DynamoReceiptKeys;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.registry.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ReceiptKeysTest {
  private static final PublicReceiptKey FIRST =
      ReceiptKey.parse(ReceiptFixture.KEY.getBytes(StandardCharsets.UTF_8)).publicKey();

  /** The public key of RFC 8032, section 7.1, test 2. */
  private static final PublicReceiptKey SECOND =
      PublicReceiptKey.parse(
              "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw\"}")
          .orElseThrow();

  private RegistryFixture registry;

  @BeforeEach
  void start(LocalDynamo dynamo) throws IOException {
    registry = new RegistryFixture(dynamo);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private ReceiptKeys keys(Optional<PublicReceiptKey> current) {
    var store = new DynamoReceiptKeys(registry.client, registry.prefix);
    return new ReceiptKeys(store, current, registry.nanoClock::get);
  }

  /** Returns the ids in the key set and its cache policy. */
  private static String published(ReceiptKeys keys) {
    var response =
        keys.route()
            .handler()
            .handle(Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE));
    assertEquals(
        "application/jwk-set+json", response.headers().first("Content-Type").orElseThrow());
    return Json.parse(response.body())
            .required("keys")
            .valueStream()
            .map(key -> key.required("kid").textValue())
            .sorted()
            .collect(Collectors.joining(" "))
        + ", "
        + response.headers().first("Cache-Control").orElseThrow();
  }

  @Test
  void aFormerKeyStaysPublishedAfterAKeyChangeAndWithoutAKey() {
    keys(Optional.of(FIRST)).keep(FIRST);
    keys(Optional.of(FIRST)).keep(FIRST);

    var both = SECOND.id() + " " + KEY_ID + ", max-age=60";
    assertEquals(both, published(keys(Optional.of(SECOND))));
    assertEquals(KEY_ID + ", max-age=60", published(keys(Optional.empty())));
  }

  @Test
  void theKeyOfASignedReceiptIsStored() {
    var key = ReceiptKey.parse(ReceiptFixture.KEY.getBytes(StandardCharsets.UTF_8));
    var tenant = RegistryFixture.tenant(RegistryFixture.ACME);
    var operation =
        Operation.begun(
            tenant, OperationKind.OFFBOARDING, "1", "receipt", "olga", RegistryFixture.NOON);
    var signer = new ReceiptSigner("orders", key, keys(Optional.of(FIRST)), registry.clock);

    var jws = signer.issue(operation, ReceiptFixture.receipt().deletion());

    assertEquals(KEY_ID + ", max-age=60", published(keys(Optional.empty())));
    var payload = Json.parse(Base64.getUrlDecoder().decode(jws.split("\\.", -1)[1]));
    assertEquals("2026-11-24T12:00:00.000Z", payload.get("requestedAt").textValue());
    assertEquals("2026-11-24T12:00:00.000Z", payload.get("endedAt").textValue());
    assertEquals("2026-12-30T12:00:00.000Z", payload.at("/kept/4/until").textValue());
    assertEquals("acme", payload.get("sub").textValue());
    assertEquals("orders", payload.get("service").textValue());
    assertEquals(1, payload.get("incarnation").intValue());
  }

  @Test
  void withoutTheStoreTheKnownKeysArePublished() {
    var first = keys(Optional.of(FIRST));
    var second = keys(Optional.of(SECOND));
    first.keep(FIRST);
    published(first);
    registry.proxy.handleWith(DISCONNECT);

    assertEquals(SECOND.id() + ", no-store", published(second));
    registry.nanoClock.addAndGet(60_000_000_000L);
    assertEquals(KEY_ID + ", no-store", published(first));
    registry.proxy.handleWith(FORWARD);
    registry.nanoClock.addAndGet(60_000_000_000L);
    assertEquals(SECOND.id() + " " + KEY_ID + ", max-age=60", published(second));
  }

  @Test
  void readsTheStoreOnceAMinute() {
    var keys = keys(Optional.of(FIRST));
    published(keys);
    var calls = registry.proxy.requests().size();

    registry.nanoClock.addAndGet(59_999_999_999L);
    published(keys);
    assertEquals(calls, registry.proxy.requests().size());
    registry.nanoClock.addAndGet(1);
    published(keys);
    assertEquals(calls + 1, registry.proxy.requests().size());
  }
}
