package dev.partywall.storage;

/** Exposes the product's projection expression to benchmarks in other packages. */
public final class Projection {
  /** The attributes; {@code #ttl} is an alias of an attribute with a reserved name. */
  public static final String EXPRESSION = Attributes.PROJECTION;

  private Projection() {}
}
