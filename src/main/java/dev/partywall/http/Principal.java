package dev.partywall.http;

import java.util.Set;

/**
 * The authenticated caller of a request.
 *
 * @param subject the subject of the token
 * @param scopes the scopes of the token
 */
public record Principal(String subject, Set<String> scopes) {}
