package dev.partywall.runtime;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.receipt.DeletionResult;
import dev.partywall.operations.receipt.ReceiptKey;
import dev.partywall.operations.receipt.ReceiptKeys;
import dev.partywall.operations.receipt.ReceiptSigner;
import dev.partywall.registry.DynamoReceiptKeys;
import dev.partywall.tenancy.registry.Operation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The signed receipts of deleted tenants.
 *
 * @param keys the public keys
 * @param signer empty without a private key
 */
record Receipts(ReceiptKeys keys, Optional<ReceiptSigner> signer) {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

  /**
   * Creates the components, and makes no call.
   *
   * @param own a client with the service's own credentials
   */
  static Receipts of(Settings settings, DynamoDbClient own, InstantSource clock) {
    var offboarding = settings.offboarding();
    offboarding.warning().ifPresent(LOG::warn);
    var store = new DynamoReceiptKeys(own, settings.storage().tablePrefix());
    var key = offboarding.receiptKey();
    var keys = new ReceiptKeys(store, key.map(ReceiptKey::publicKey), System::nanoTime);
    var signer = key.map(known -> new ReceiptSigner(settings.service(), known, keys, clock));
    return new Receipts(keys, signer);
  }

  /**
   * Signs the receipt of a deletion.
   *
   * @throws ApiException as {@link ApiError.Unavailable} without a private key: another instance,
   *     or this one after a restart, can have one
   */
  String issue(Operation offboarding, DeletionResult deletion) {
    return signer
        .orElseThrow(() ->
            new ApiException(
                new ApiError.Unavailable(
                    "PARTYWALL_RECEIPT_KEY is required to sign the receipt.",
                    Duration.ofSeconds(2))))
        .issue(offboarding, deletion);
  }
}
