/** The operators' routes that register, list and change tenants. */
@NullMarked
package dev.partywall.operations.tenants;

import org.jspecify.annotations.NullMarked;
