package dev.partywall.http;

import java.util.Set;

/**
 * Who is asking, as far as HTTP cares.
 *
 * @param name the subject
 * @param rights what it may do
 */
public record Principal(String name, Set<String> rights) {}
