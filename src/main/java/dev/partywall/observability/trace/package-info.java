/** Trace context (W3C): received with requests, sent with AWS calls. No spans are exported. */
@NullMarked
package dev.partywall.observability.trace;

import org.jspecify.annotations.NullMarked;
