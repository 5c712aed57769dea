package dev.partywall.isolation;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * The dependencies of credential issuing.
 *
 * @param executor runs each call on a new thread, never in a bounded pool, which slow tenants could
 *     fill
 * @param random thread-safe, from 0 to 1; spreads the renewals of tenants that started together
 */
public record CredentialIssuing(
    CredentialIssuer issuer,
    Executor executor,
    InstantSource clock,
    DoubleSupplier random,
    CredentialListener listener) {}
