/** The log: every line is one JSON object, and all output of the process becomes lines. */
@NullMarked
package dev.partywall.observability.log;

import org.jspecify.annotations.NullMarked;
