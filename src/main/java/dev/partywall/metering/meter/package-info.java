/** The meters, the filters that measure each request, and the usage counters in memory. */
@NullMarked
package dev.partywall.metering.meter;

import org.jspecify.annotations.NullMarked;
