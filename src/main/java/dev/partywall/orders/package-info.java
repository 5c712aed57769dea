/**
 * The product: orders, their rules, and their HTTP API. This package has no notion of tenants: its
 * table contains the orders of a single customer.
 */
@NullMarked
package dev.partywall.orders;

import org.jspecify.annotations.NullMarked;
