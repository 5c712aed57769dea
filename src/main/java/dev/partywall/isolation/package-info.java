/** Issues, caches and renews credentials that are limited to the items of one tenant. */
@NullMarked
package dev.partywall.isolation;

import org.jspecify.annotations.NullMarked;
