package dev.partywall.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with an issuer, for an operator.
 *
 * @param ready whether its keys have been there at least once; from then on they are kept in use
 * @param lastSuccess when they were fetched last
 * @param problem what is wrong at the moment: it is away, or some of its keys are unfit
 */
public record IssuerStatus(
    String issuer, boolean ready, Optional<Instant> lastSuccess, Optional<String> problem) {}
