package dev.partywall.storage;

import java.util.List;
import java.util.Optional;

/**
 * As many items as were asked for, or all that are left.
 *
 * @param next where the next page starts ({@link Query#after(String)}); absent on the last one
 */
public record Page(List<Item> items, Optional<String> next) {}
