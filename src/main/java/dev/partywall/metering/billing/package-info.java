/** The usage report with its charges, and the route {@code GET /usage}. */
@NullMarked
package dev.partywall.metering.billing;

import org.jspecify.annotations.NullMarked;
