/** Operator functions: health, later tenants and the console. */
@NullMarked
package dev.partywall.operations;

import org.jspecify.annotations.NullMarked;
