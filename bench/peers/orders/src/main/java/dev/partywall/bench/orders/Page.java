package dev.partywall.bench.orders;

import java.util.List;

/** What {@code GET /orders} answers. */
public record Page(List<Order> orders) {}
