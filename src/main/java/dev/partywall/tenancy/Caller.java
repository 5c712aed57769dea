package dev.partywall.tenancy;

import java.util.Optional;

/**
 * The caller, from the verified token.
 *
 * @param tier the tier in the token; the registry can override it
 * @param user the token's subject
 */
public record Caller(TenantId tenant, Optional<String> tier, String user) {}
