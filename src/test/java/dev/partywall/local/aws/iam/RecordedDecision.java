package dev.partywall.local.aws.iam;

/**
 * A recorded authorization decision.
 *
 * @param principal the caller's ARN
 * @param reason the denial in the wording of AWS; empty if allowed
 */
public record RecordedDecision(
    String principal, String action, String resource, boolean allowed, String reason) {}
