package dev.partywall.local.aws.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The credential scope of a signature: one day, one region, one service. */
record CredentialScope(String date, String region, String service, String terminator) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /**
   * Signs a canonical request.
   *
   * @param time {@code x-amz-date} as sent
   * @return the signature in lower-case hexadecimal
   */
  String sign(String secret, String time, String canonicalRequest) {
    var digest = SigningHash.sha256(canonicalRequest.getBytes(UTF_8));
    var stringToSign = String.join("\n", ALGORITHM, time, toString(), digest);
    return SigningHash.hex(SigningHash.hmac(key(secret), stringToSign));
  }

  private byte[] key(String secret) {
    var day = SigningHash.hmac(("AWS4" + secret).getBytes(UTF_8), date);
    return SigningHash.hmac(SigningHash.hmac(SigningHash.hmac(day, region), service), terminator);
  }

  @Override
  public String toString() {
    return String.join("/", date, region, service, terminator);
  }
}
