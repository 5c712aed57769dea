/** The tables of tenants in silos: creation, protection and deletion. */
@NullMarked
package dev.partywall.storage.silo;

import org.jspecify.annotations.NullMarked;
