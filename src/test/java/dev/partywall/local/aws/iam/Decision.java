package dev.partywall.local.aws.iam;

/**
 * A recorded authorization decision.
 *
 * @param principal the caller's ARN
 * @param because the denial in the wording of AWS; empty if allowed
 */
public record Decision(
    String principal, String action, String resource, boolean allowed, String because) {}
