/** The entry point of every service, and the orders service. */
@NullMarked
package dev.partywall;

import org.jspecify.annotations.NullMarked;
