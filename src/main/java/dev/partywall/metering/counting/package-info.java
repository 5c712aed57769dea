/** The exact count of placed orders, by the markers that were written with them. */
@NullMarked
package dev.partywall.metering.counting;

import org.jspecify.annotations.NullMarked;
