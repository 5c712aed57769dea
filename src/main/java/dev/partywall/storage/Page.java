package dev.partywall.storage;

import java.util.List;
import java.util.Optional;

/**
 * A page of a query's items. Only the last page is shorter than the limit.
 *
 * @param next the id after which the next page starts, for {@link Query#after(String)}; empty on
 *     the last page
 */
public record Page(List<Item> items, Optional<String> next) {}
