/** Calls to other services on behalf of the caller. */
@NullMarked
package dev.partywall.peers;

import org.jspecify.annotations.NullMarked;
