package dev.partywall.metering.meter;

import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant as the ledger names it: an id and an incarnation. A deleted id that is registered again
 * is another metered tenant, so it inherits neither usage nor a bill.
 *
 * @param incarnation starts at 1
 */
public record MeteredTenant(TenantId id, int incarnation) implements Comparable<MeteredTenant> {
  private static final Pattern INCARNATION = Pattern.compile("[1-9][0-9]{0,8}");

  private static final Comparator<MeteredTenant> ORDER =
      Comparator.comparing((MeteredTenant tenant) -> tenant.id.value())
          .thenComparingInt(MeteredTenant::incarnation);

  /** Rejects an incarnation below 1. */
  public MeteredTenant {
    if (incarnation < 1) {
      throw new IllegalArgumentException("not an incarnation: " + incarnation);
    }
  }

  /** Returns a tenant in its present incarnation. */
  public static MeteredTenant of(Tenant tenant) {
    return new MeteredTenant(tenant.id(), tenant.incarnation());
  }

  /** Returns the first incarnation of a tenant. */
  public static MeteredTenant first(TenantId id) {
    return new MeteredTenant(id, 1);
  }

  /** Parses a key; returns empty if the text is not the key of a tenant. */
  public static Optional<MeteredTenant> parse(String key) {
    var end = key.indexOf('.');
    if (end < 0) {
      return TenantId.parse(key).map(MeteredTenant::first);
    }
    var number = key.substring(end + 1);
    return INCARNATION.matcher(number).matches() && !number.equals("1")
        ? TenantId.parse(key.substring(0, end))
            .map(id -> new MeteredTenant(id, Integer.parseInt(number)))
        : Optional.empty();
  }

  /**
   * Parses a stored key.
   *
   * @throws IllegalStateException if the text is not the key of a tenant
   */
  public static MeteredTenant ofKey(String key) {
    return parse(key).orElseThrow(() -> new IllegalStateException("not the key of a tenant"));
  }

  /**
   * Returns the name in the ledger, in journals and in commands: {@code acme}, and {@code acme.2}
   * for the second incarnation. No tenant id contains a full stop.
   */
  public String key() {
    return incarnation == 1 ? id.value() : id.value() + "." + incarnation;
  }

  /** Returns whether this is the first incarnation, which has the plain id as its key. */
  public boolean isFirst() {
    return incarnation == 1;
  }

  @Override
  public int compareTo(MeteredTenant other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return key();
  }
}
