package dev.partywall.isolation;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * What it takes to make credentials.
 *
 * @param background where they are made: a thread for each, never a pool that could be full of
 *     tenants whose credentials are slow to come
 * @param random from 0 to 1, for many threads: spreads renewals, so that tenants which came
 *     together don't come together again
 */
public record Vending(
    CredentialVendor vendor,
    Executor background,
    InstantSource clock,
    DoubleSupplier random,
    CredentialListener listener) {}
