package dev.partywall.local.aws.iam;

/**
 * One question that was put to the policies, and its answer.
 *
 * @param principal the caller's ARN
 * @param because AWS's wording of a refusal; empty where it was allowed
 */
public record Decision(
    String principal, String action, String resource, boolean allowed, String because) {}
