package dev.partywall.http;

import java.util.Set;

/**
 * The authenticated caller of a request.
 *
 * @param name the subject of the token
 * @param rights the scopes of the token
 */
public record Principal(String name, Set<String> rights) {}
