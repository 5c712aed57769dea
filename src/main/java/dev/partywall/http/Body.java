package dev.partywall.http;

/**
 * What the caller sends behind the header. It is read once, by whoever needs it, and not before.
 */
public interface Body {
  /** No body at all. */
  Body NONE = new Bytes(new byte[0]);

  /**
   * The whole body.
   *
   * @throws Refused as {@link Refusal.TooLarge}, {@link Refusal.Malformed} when its framing is
   *     broken, or {@link Refusal.Unavailable} when it does not arrive in time
   */
  byte[] bytes();

  /** Whether all of it has arrived, or none ever will: then to read it waits for nobody. */
  boolean isHere();

  /** A body that is there already. */
  static Body of(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** The bytes of a body that is there already. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements Body {
    @Override
    public boolean isHere() {
      return true;
    }
  }
}
