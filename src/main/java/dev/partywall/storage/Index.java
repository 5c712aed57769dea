package dev.partywall.storage;

/** The index that a query reads, and thereby the order of its items. */
public enum Index {
  /** Ordered by id. Strongly consistent: reads see every acknowledged write. */
  PRIMARY,
  /** Ordered by the first index key, then by id. Reads may lag writes, usually by milliseconds. */
  I1,
  /** Ordered by the second index key, then by id. Reads may lag writes, usually by milliseconds. */
  I2
}
