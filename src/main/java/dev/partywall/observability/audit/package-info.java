/**
 * The audit: one entry per change and rejection, in a hash chain, and the verifier of the chain.
 */
@NullMarked
package dev.partywall.observability.audit;

import org.jspecify.annotations.NullMarked;
