/**
 * Records the usage of each tenant per hour (UTC), accurately enough for billing.
 *
 * <h2>Guarantees of each meter</h2>
 *
 * <dl>
 *   <dt>each meter that a capability declares: exact, even after {@code kill -9}, lost disks and
 *       lost responses.
 *   <dd>One transaction writes an item and its count marker, in the tenant's own partition. The
 *       markers are counted under the tenant's credentials, and the hour's count is set in the
 *       ledger. It is never added to or lowered, so counting twice changes nothing. A marker is
 *       deleted only with its tenant: a deleted item was written nevertheless.
 *   <dt>{@code requests}, {@code bytesIn}, {@code bytesOut}, {@code readUnits}, {@code writeUnits},
 *       {@code busyMs}: never counted twice. A crash loses at most the usage since the last flush,
 *       one second by default.
 *   <dd>A flush completes only after {@code fsync}, so this guarantee covers power failures. Usage
 *       in the journal survives a crash at any moment, however long the ledger is unavailable.
 * </dl>
 *
 * <p>Usage counts in the hour in which its request arrived, regardless of when its last byte is
 * sent or its journal is shipped. {@code bytesIn} counts request bodies that were read, {@code
 * bytesOut} response bodies that were sent. {@code readUnits} and {@code writeUnits} are the
 * capacity that DynamoDB reports for calls under the tenant's binding. {@code busyMs} is the time
 * from the request filter until the response is created. Usage is visible within 10 s of the
 * response: up to 1 s until the flush, up to 4 s until shipping starts, and the time that shipping
 * takes.
 *
 * <h2>The path of a unit</h2>
 *
 * {@link dev.partywall.metering.meter.RequestMeter} adds to a usage counter in memory. Each second,
 * all new usage is appended to the journal as one record. Every few seconds, the journal's segment
 * is sealed and shipped to the ledger, in transactions that write the batch id beside the sums. The
 * ledger keeps a batch id for 35 days, and segments older than 30 days are not shipped. So neither
 * a retry nor a copy of a disk that turns up later counts twice.
 *
 * <p>{@code meter} measures and keeps the counters, {@code journal} writes and ships them, {@code
 * ledger} stores the sums, {@code quota} reads the month's requests, {@code counting} counts the
 * writes of declared meters, {@code billing} reports the usage, and {@code commands} export and
 * verify it. Each uses only packages named before it.
 *
 * <h2>Failures and reactions</h2>
 *
 * <ul>
 *   <li>Folder in use or not writable, or disk full at startup: the service does not start. {@link
 *       dev.partywall.metering.journal.JournalUnusableException} states the reason.
 *   <li>Journal not writable later: usage accumulates in memory (200,000 tenant hours), with an
 *       error in the log and in the service's health. Usage beyond that limit goes to the log.
 *   <li>Last record of a segment cut by a crash: the records before it count, and the file is kept
 *       with the suffix {@code .torn}. Damage elsewhere: the same, with the suffix {@code
 *       .damaged}.
 *   <li>A segment that the ledger rejects while available: it is kept, named in the service's
 *       health and retried. Other segments are shipped. From 16 such segments on, usage waits in
 *       one growing file.
 *   <li>Journal of a release with another format: the service does not start, and the file is left
 *       unchanged.
 *   <li>Clock set back: usage is added to the earlier hour again; a closed hour is reopened.
 *   <li>Ledger unavailable: the journal grows on disk. A counted write is rejected if its hour
 *       cannot be marked as uncounted, because it could stay uncounted.
 * </ul>
 *
 * <h2>Cost</h2>
 *
 * Per instance, in DynamoDB units: an active tenant costs 2 write units each time a segment is
 * shipped (every 4 s), and a batch of up to 99 tenants 2 more. A tenant with counted writes costs a
 * mark every 10 minutes, and a count every 4 s until 12 s after its last write: for each declared
 * meter half a read unit, and a read unit for each 40 or so writes of the last one to two minutes.
 * An active tenant costs a write unit every 10 minutes for its day, and two queries a minute if its
 * month is asked for. Idle tenants cost nothing. Uncounted hours are listed once a minute, with 16
 * queries.
 *
 * <p>Tenants do not pay for counting or billing.
 */
@NullMarked
package dev.partywall.metering;

import org.jspecify.annotations.NullMarked;
