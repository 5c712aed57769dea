/**
 * The product: orders, their rules, and their HTTP API. Its table contains the orders of a single
 * customer.
 */
@NullMarked
package dev.partywall.orders;

import org.jspecify.annotations.NullMarked;
