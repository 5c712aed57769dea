package dev.partywall.identity;

import java.util.Optional;

/**
 * The status of an issuer, for operators.
 *
 * @param ready whether a fetch of its keys has ever succeeded; the keys then stay in use
 * @param problem the current problem: the issuer is unavailable, or some of its keys are unfit
 */
public record IssuerStatus(String issuer, boolean ready, Optional<String> problem) {}
