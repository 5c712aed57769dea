/**
 * Telemetry of the service: log lines, metrics, traces and audit entries. Business code creates
 * none of them.
 */
@NullMarked
package dev.partywall.observability;

import org.jspecify.annotations.NullMarked;
