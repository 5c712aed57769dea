/**
 * What each tenant used, hour by hour (UTC), well enough to be billed.
 *
 * <h2>What each meter promises</h2>
 *
 * <dl>
 *   <dt>{@code ordersPlaced}: exact, also across {@code kill -9}, lost disks and lost answers.
 *   <dd>An order and its mark are written in one transaction, in the tenant's own partition. The
 *       marks are counted under the tenant's credentials, and the ledger is told the hour's count:
 *       it is set, never added to and never lowered, so that to count twice changes nothing. A mark
 *       is never deleted: an order that is deleted was placed all the same.
 *   <dt>{@code requests}, {@code bytesIn}, {@code bytesOut}, {@code readUnits}, {@code writeUnits},
 *       {@code busyMs}: never counted twice; a crash may take what came in since the last flush,
 *       which is a second by default, and no more.
 *   <dd>A flush is on disk ({@code fsync}) before it counts as done, so this holds for a power cut
 *       too. What is in the journal is not lost by a crash at any moment, however long the ledger
 *       is away.
 * </dl>
 *
 * <p>Usage counts in the hour in which its request came in, however late its last byte is sent or
 * its journal is shipped. {@code bytesIn} are those of bodies that were read, {@code bytesOut}
 * those of bodies that were sent, {@code readUnits} and {@code writeUnits} what DynamoDB itself
 * told for calls under the tenant's binding, and {@code busyMs} the time from the meter's door to
 * the answer's making. An answer's usage shows within 10 s: a second until it is flushed, 4 until
 * it is shipped, and as long as that takes.
 *
 * <h2>The way of a unit</h2>
 *
 * {@link dev.partywall.metering.Meter} adds to a tally in memory; each second all that is new goes
 * to the journal as one record; every few seconds the journal's segment is sealed and goes to the
 * ledger, in transactions that write a batch's name beside the sums. The ledger knows a name for 35
 * days, and no segment is shipped that is older than 30: so no retry, and no copy of a disk that
 * turns up later, counts twice.
 *
 * <h2>What goes wrong, and what is done</h2>
 *
 * <ul>
 *   <li>Folder in use, not writable, or disk full at the start: refused, {@link
 *       dev.partywall.metering.JournalUnusable} says why.
 *   <li>Journal can't be written later: usage adds up in memory (200,000 tenants' hours), with an
 *       error in the log and in the service's health; what there is no room for goes to the log.
 *   <li>Torn tail: what is in front of it counts; the cut is told. Damage elsewhere: what is in
 *       front of it counts, and the file is kept.
 *   <li>A segment that the ledger does not take, though it is there: it is kept, named in the
 *       service's health, and tried again; the others go on. From 16 of them on, usage waits in one
 *       file that grows.
 *   <li>Journal of a release with another format: refused at the start, the file is left alone.
 *   <li>Clock set back: usage adds to the earlier hour again; an hour that was closed is opened.
 *   <li>Ledger away: the journal grows on disk. An order whose hour can't be noted as open is
 *       refused, as it could go uncounted.
 * </ul>
 *
 * <h2>What it costs</h2>
 *
 * For an instance, in DynamoDB's units: a tenant that was active costs 2 write units each time that
 * a segment is shipped (every 4 s), and a batch of up to 99 of them 2 more. A tenant that places
 * orders costs a note every 10 minutes, and until 12 s after its last order a count every 4 s: a
 * read unit for each 40 orders or so that it has placed in the hour. Tenants that do nothing cost
 * nothing. Open hours are listed once a minute, at 16 queries.
 *
 * <p>A tenant does not pay for being counted or billed.
 */
@NullMarked
package dev.partywall.metering;

import org.jspecify.annotations.NullMarked;
