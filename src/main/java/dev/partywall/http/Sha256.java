package dev.partywall.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), which every Java platform provides. */
public final class Sha256 {
  private Sha256() {}

  /** Returns the 32 bytes of the digest. */
  public static byte[] of(byte[] content) {
    return digest().digest(content);
  }

  /** Returns a digest to which content is added in parts. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
