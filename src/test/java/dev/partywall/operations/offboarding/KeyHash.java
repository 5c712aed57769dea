package dev.partywall.operations.offboarding;

import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/** The hash of the keys that {@link OffboardingFixture#store} writes, computed from their names. */
final class KeyHash {
  private KeyHash() {}

  /** Returns the hash of that many items without expiry. */
  static String of(OffboardingFixture fixture, TenantId tenant, int orders, int notes, int marks) {
    var keys = new TreeSet<String>();
    add(keys, fixture, tenant, "order#o-", orders);
    add(keys, fixture, tenant, "note#n-", notes);
    add(keys, fixture, tenant, ".mark#ordersPlaced#2026-11-28T08#o-", marks);
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = new byte[32];
      for (var key : keys) {
        digest.update(hash);
        hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(
      Set<String> keys, OffboardingFixture fixture, TenantId tenant, String prefix, int count) {
    var location = fixture.location(tenant); // one call, also for a million items
    for (var i = 0; i < count; i++) {
      var sortKey = prefix + "%07d".formatted(i);
      var id = sortKey.substring(sortKey.lastIndexOf('#') + 1);
      keys.add(location.partitionKeyOf(id) + "\0" + sortKey);
    }
  }
}
