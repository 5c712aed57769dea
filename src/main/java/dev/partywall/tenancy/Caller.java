package dev.partywall.tenancy;

import java.util.Optional;

/**
 * What a verified token says about who is asking.
 *
 * @param tier as the token has it; the registry may know better
 * @param user the token's subject
 */
public record Caller(TenantId tenant, Optional<String> tier, String user) {}
