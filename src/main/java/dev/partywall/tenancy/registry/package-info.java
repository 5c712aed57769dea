/** The port of the registry of tenants. */
@NullMarked
package dev.partywall.tenancy.registry;

import org.jspecify.annotations.NullMarked;
