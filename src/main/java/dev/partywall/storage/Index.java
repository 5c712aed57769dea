package dev.partywall.storage;

/** In what order a collection is read. */
public enum Index {
  /** By id alone; reads see every write that was acknowledged before. */
  PRIMARY,
  /** By the first label, then by id; reads may lag behind writes, usually by milliseconds. */
  FIRST,
  /** By the second label, then by id; reads may lag behind writes, usually by milliseconds. */
  SECOND
}
