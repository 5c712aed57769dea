/**
 * What the service tells about itself: log lines, metrics, traces and audit entries. Business code
 * makes none of it.
 */
@NullMarked
package dev.partywall.observability;

import org.jspecify.annotations.NullMarked;
