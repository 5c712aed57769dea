/** The provisioning of tenants in silos, as an operation. */
@NullMarked
package dev.partywall.operations.provisioning;

import org.jspecify.annotations.NullMarked;
