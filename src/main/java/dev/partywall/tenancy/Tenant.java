package dev.partywall.tenancy;

/**
 * The tenant of a request.
 *
 * @param tier the name of its tier
 */
public record Tenant(TenantId id, String tier) {}
