/**
 * Errors of the API as typed values, the collector of faults, and the error codes of AWS. No other
 * package of ours is used here.
 */
@NullMarked
package dev.partywall.error;

import org.jspecify.annotations.NullMarked;
