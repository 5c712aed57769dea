/** Access to all items of the bound tenant, regardless of their collections. */
@NullMarked
package dev.partywall.storage.content;

import org.jspecify.annotations.NullMarked;
