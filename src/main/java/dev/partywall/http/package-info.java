/**
 * The server as a function: a {@link dev.partywall.http.Handler} maps requests to responses, and a
 * {@link dev.partywall.http.Filter} wraps a handler.
 */
@NullMarked
package dev.partywall.http;

import org.jspecify.annotations.NullMarked;
