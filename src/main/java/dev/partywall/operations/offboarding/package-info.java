/** The deletion of a tenant after its retention, with a proof. */
@NullMarked
package dev.partywall.operations.offboarding;

import org.jspecify.annotations.NullMarked;
