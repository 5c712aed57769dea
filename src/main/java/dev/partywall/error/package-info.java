/**
 * Errors of the API as typed values, and the collector of faults. No other package of ours is used
 * here.
 */
@NullMarked
package dev.partywall.error;

import org.jspecify.annotations.NullMarked;
