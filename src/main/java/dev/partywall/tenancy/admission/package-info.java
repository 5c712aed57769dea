/**
 * The admission of requests: the limits of each tenant, and a fair share of the service's own
 * limit.
 */
@NullMarked
package dev.partywall.tenancy.admission;

import org.jspecify.annotations.NullMarked;
