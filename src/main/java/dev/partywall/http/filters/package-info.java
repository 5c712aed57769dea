/**
 * Filters that every service needs: concurrency limit, request timeout, problem details (RFC 9457)
 * and rejection of malformed requests.
 */
@NullMarked
package dev.partywall.http.filters;

import org.jspecify.annotations.NullMarked;
