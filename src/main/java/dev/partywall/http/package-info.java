/**
 * The server as a function: a {@link dev.partywall.http.Handler} answers requests, a {@link
 * dev.partywall.http.Filter} wraps a handler.
 */
@NullMarked
package dev.partywall.http;

import org.jspecify.annotations.NullMarked;
