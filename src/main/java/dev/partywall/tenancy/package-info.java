/** Tenants and their placements, and the binding of the current tenant. */
@NullMarked
package dev.partywall.tenancy;

import org.jspecify.annotations.NullMarked;
