/** The signed receipts of deletions: their payload, their keys and their verification. */
@NullMarked
package dev.partywall.operations.receipt;

import org.jspecify.annotations.NullMarked;
