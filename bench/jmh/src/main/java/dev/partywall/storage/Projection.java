package dev.partywall.storage;

/** Lets benchmarks elsewhere ask for what the product asks for. */
public final class Projection {
  /** With {@code #ttl} for an attribute's name that DynamoDB reserves. */
  public static final String WHAT_IS_READ = Attributes.WHAT_IS_READ;

  private Projection() {}
}
