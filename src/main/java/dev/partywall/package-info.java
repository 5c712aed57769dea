/** Wires the service. All dependencies are created here. */
@NullMarked
package dev.partywall;

import org.jspecify.annotations.NullMarked;
