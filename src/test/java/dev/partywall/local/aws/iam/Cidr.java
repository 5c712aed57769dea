package dev.partywall.local.aws.iam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/** A range of IP addresses: {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address. */
record Cidr(BigInteger address, int addressBits, int prefixLength) {
  static Optional<Cidr> parse(String text) {
    var slash = text.indexOf('/');
    try {
      var bytes = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      var addressBits = bytes.length * 8;
      var prefixLength = slash < 0 ? addressBits : Integer.parseInt(text.substring(slash + 1));
      return prefixLength < 0 || prefixLength > addressBits
          ? Optional.empty()
          : Optional.of(new Cidr(new BigInteger(1, bytes), addressBits, prefixLength));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean contains(Cidr other) {
    return addressBits == other.addressBits
        && prefixLength <= other.prefixLength
        && address.xor(other.address).shiftRight(addressBits - prefixLength).signum() == 0;
  }
}
