package dev.partywall.http;

/**
 * The incarnation of the caller's tenant. It increases when the id of a deleted tenant is
 * registered again. Entity tags, cursors and idempotency keys contain it, and those of an earlier
 * incarnation therefore do not work. The values of the first incarnation do not state it.
 *
 * <p>Business code does not use this class: the classes of this package read it.
 */
public final class Incarnation {
  /** The incarnation of a tenant that was never deleted, and of code without a tenant. */
  public static final int FIRST = 1;

  private static final ScopedValue<Integer> CURRENT = ScopedValue.newInstance();

  private Incarnation() {}

  /** Returns the incarnation of the running code; {@link #FIRST} if none is bound. */
  static int current() {
    return CURRENT.orElse(FIRST);
  }

  /** Returns the binding with an incarnation in addition. */
  public static ScopedValue.Carrier bind(ScopedValue.Carrier binding, int incarnation) {
    return binding.where(CURRENT, incarnation);
  }
}
