package dev.partywall.tenancy;

/**
 * The tenant that a request is served for.
 *
 * @param tier the name of its tier
 */
public record Tenant(TenantId id, String tier) {}
