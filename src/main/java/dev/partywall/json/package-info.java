/** Strict JSON input and output, and checks of field values. */
@NullMarked
package dev.partywall.json;

import org.jspecify.annotations.NullMarked;
