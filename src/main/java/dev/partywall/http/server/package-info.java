/** The adapter to {@code jdk.httpserver}: parsing rules, limits and draining. */
@NullMarked
package dev.partywall.http.server;

import org.jspecify.annotations.NullMarked;
