/** The exact counts of the declared meters, by the markers of their writes. */
@NullMarked
package dev.partywall.metering.counting;

import org.jspecify.annotations.NullMarked;
