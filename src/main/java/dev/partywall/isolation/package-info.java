/** Credentials that reach one tenant's items and nothing else: made, kept and renewed. */
@NullMarked
package dev.partywall.isolation;

import org.jspecify.annotations.NullMarked;
