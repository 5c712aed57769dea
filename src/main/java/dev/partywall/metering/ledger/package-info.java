/**
 * The usage table: the usage of all tenants per hour, and the hours that may have uncounted writes.
 */
@NullMarked
package dev.partywall.metering.ledger;

import org.jspecify.annotations.NullMarked;
