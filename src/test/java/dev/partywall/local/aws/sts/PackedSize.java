package dev.partywall.local.aws.sts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.zip.Deflater;

/**
 * Estimates the packed size of session policy and tags, which STS stores in the token and limits.
 * AWS publishes neither format nor limit. Deflating to 1 KiB rejects only policies that are far too
 * large.
 */
final class PackedSize {
  private static final int MAX_BYTES = 1_024;

  private PackedSize() {}

  static int percent(String policy, Map<String, String> tags) {
    var text = policy.isEmpty() && tags.isEmpty() ? "" : policy + tags;
    return (deflated(text.getBytes(UTF_8)) * 100 + MAX_BYTES - 1) / MAX_BYTES;
  }

  private static int deflated(byte[] bytes) {
    if (bytes.length == 0) {
      return 0;
    }
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(bytes);
      deflater.finish();
      return deflater.deflate(new byte[bytes.length + 64]);
    }
  }
}
