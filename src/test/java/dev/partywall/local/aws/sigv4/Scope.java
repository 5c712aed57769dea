package dev.partywall.local.aws.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a signing key is good for: one day, one region, one service. */
record Scope(String date, String region, String service, String terminator) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /**
   * Signs.
   *
   * @param time {@code x-amz-date} as sent
   * @return in lower-case hexadecimal
   */
  String sign(String secret, String time, String canonicalRequest) {
    var digest = Digest.sha256(canonicalRequest.getBytes(UTF_8));
    var toSign = String.join("\n", ALGORITHM, time, toString(), digest);
    return Digest.hex(Digest.hmac(key(secret), toSign));
  }

  private byte[] key(String secret) {
    var day = Digest.hmac(("AWS4" + secret).getBytes(UTF_8), date);
    return Digest.hmac(Digest.hmac(Digest.hmac(day, region), service), terminator);
  }

  @Override
  public String toString() {
    return String.join("/", date, region, service, terminator);
  }
}
