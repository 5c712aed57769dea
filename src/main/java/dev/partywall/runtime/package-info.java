/** Wiring: settings, AWS clients, the filter chain and the service. */
@NullMarked
package dev.partywall.runtime;

import org.jspecify.annotations.NullMarked;
