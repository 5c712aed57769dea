/** Export and import of the content of one tenant. */
@NullMarked
package dev.partywall.operations.transfer;

import org.jspecify.annotations.NullMarked;
