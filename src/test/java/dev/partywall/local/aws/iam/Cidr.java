package dev.partywall.local.aws.iam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/** A range of IP addresses: {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address. */
record Cidr(BigInteger address, int bits, int prefix) {
  static Optional<Cidr> parse(String text) {
    var slash = text.indexOf('/');
    try {
      var bytes = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      var bits = bytes.length * 8;
      var prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      return prefix < 0 || prefix > bits
          ? Optional.empty()
          : Optional.of(new Cidr(new BigInteger(1, bytes), bits, prefix));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean contains(Cidr other) {
    return bits == other.bits
        && prefix <= other.prefix
        && address.xor(other.address).shiftRight(bits - prefix).signum() == 0;
  }
}
