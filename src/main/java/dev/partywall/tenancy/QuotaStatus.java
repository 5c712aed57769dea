package dev.partywall.tenancy;

import java.util.OptionalLong;

/**
 * The quotas of a tenant at the time of one of its requests.
 *
 * @param limits the limits that apply to the tenant
 * @param remaining the number of requests that the rate permits at once; without meaning if the
 *     rate is not limited
 * @param nanosToNext the time until the rate permits one more; 0 if it permits a full burst
 * @param monthRemaining the number of requests that the month permits; empty if it is not limited
 * @param monthSeconds the length of the month
 * @param monthSecondsLeft the time until the end of the month
 */
public record QuotaStatus(
    Limits limits,
    long remaining,
    long nanosToNext,
    OptionalLong monthRemaining,
    long monthSeconds,
    long monthSecondsLeft) {}
