/** The number of requests of each tenant in the current month, across instances. */
@NullMarked
package dev.partywall.metering.quota;

import org.jspecify.annotations.NullMarked;
