package dev.partywall.operations.tenants;

import java.time.Duration;

/**
 * The rules for the deletion of tenants.
 *
 * @param retention the default time from the request until the deletion
 * @param isReceiptSigned whether the service has a key for receipts, without which it deletes no
 *     tenant
 */
public record OffboardingRules(Duration retention, boolean isReceiptSigned) {}
