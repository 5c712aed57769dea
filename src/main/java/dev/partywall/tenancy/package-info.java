/** Who the request is for: tenants, and the one place in which the current one is bound. */
@NullMarked
package dev.partywall.tenancy;

import org.jspecify.annotations.NullMarked;
