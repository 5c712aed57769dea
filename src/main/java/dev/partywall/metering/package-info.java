/** What each tenant used. */
@NullMarked
package dev.partywall.metering;

import org.jspecify.annotations.NullMarked;
