/** Functions for operators: liveness, readiness and the preparation of the tables. */
@NullMarked
package dev.partywall.operations;

import org.jspecify.annotations.NullMarked;
