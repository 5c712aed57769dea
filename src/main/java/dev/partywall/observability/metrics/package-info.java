/** Metrics of requests, tenants, AWS calls and the JVM, and the endpoint for scrapes. */
@NullMarked
package dev.partywall.observability.metrics;

import org.jspecify.annotations.NullMarked;
