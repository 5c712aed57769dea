/**
 * The product: orders, their rules, and how they are asked for over HTTP. Whose orders they are is
 * nothing that this package knows: its table holds one customer's and no other's.
 */
@NullMarked
package dev.partywall.orders;

import org.jspecify.annotations.NullMarked;
