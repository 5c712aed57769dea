/** The journal of usage on disk, written from the counters and shipped to the ledger in batches. */
@NullMarked
package dev.partywall.metering.journal;

import org.jspecify.annotations.NullMarked;
