package dev.partywall.isolation;

import dev.partywall.tenancy.Execution;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The dependencies of credential issuing.
 *
 * @param executor runs each call on a new thread, never in a bounded pool, which slow tenants could
 *     fill
 * @param executions opens the execution of a renewal, which outlives the request that starts it
 * @param random thread-safe, from 0 to 1; spreads the renewals of tenants that started together
 */
public record CredentialIssuing(
    CredentialIssuer issuer,
    Executor executor,
    Supplier<Execution> executions,
    InstantSource clock,
    DoubleSupplier random,
    CredentialListener listener) {}
