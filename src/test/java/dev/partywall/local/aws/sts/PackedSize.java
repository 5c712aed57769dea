package dev.partywall.local.aws.sts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.zip.Deflater;

/**
 * STS packs session policy and tags into the token and limits what comes out. Neither form nor
 * limit is published; deflating to a kilobyte refuses what is far beyond, no more.
 */
final class PackedSize {
  private static final int LIMIT = 1_024;

  private PackedSize() {}

  static int percent(String policy, Map<String, String> tags) {
    var text = policy.isEmpty() && tags.isEmpty() ? "" : policy + tags;
    return (deflated(text.getBytes(UTF_8)) * 100 + LIMIT - 1) / LIMIT;
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
