/** Runs the operations on tenants: owners, leases, steps and their share of the capacity. */
@NullMarked
package dev.partywall.operations.lifecycle;

import org.jspecify.annotations.NullMarked;
