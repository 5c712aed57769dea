package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.JsonChecks;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Overrides.Limit;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.PlacementReader;
import dev.partywall.tenancy.TenantId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the members of a tenant's JSON representation. Each invalid value adds a fault; the value
 * that is returned in its place must not be used.
 */
final class TenantReader {
  /** The members of an override: the limits and {@code features}. */
  private static final Set<String> OVERRIDES =
      Stream.concat(Arrays.stream(Limit.values()).map(Limit::label), Stream.of("features"))
          .collect(Collectors.toUnmodifiableSet());

  private static final String PLACEMENT = "/placement";

  private static final int MAX_ISSUERS = 10;

  private final TenantRules rules;
  private final Faults faults;
  private final JsonChecks checks;

  /** Creates a reader that adds the faults to {@code faults}. */
  TenantReader(TenantRules rules, Faults faults) {
    this.rules = rules;
    this.faults = faults;
    this.checks = new JsonChecks(faults);
  }

  /**
   * Rejects unknown members of the placement and of the overrides.
   *
   * @throws dev.partywall.error.ApiException as {@code Malformed} if a member is unknown
   */
  static void rejectUnknown(JsonNode body) {
    JsonChecks.rejectUnknown(body.path("placement"), PLACEMENT, PlacementReader.MEMBERS);
    JsonChecks.rejectUnknown(body.path("overrides"), "/overrides", OVERRIDES);
  }

  /** Returns the content of a complete representation; optional members may be missing. */
  TenantContent content(JsonNode body) {
    var tier = tier(body.path("tier"));
    return new TenantContent(
        name(body.path("name")),
        tier,
        body.has("placement")
            ? placement(body.path("placement"))
            : rules.tiers().of(tier).placement().orElse(new Placement.Pool()),
        overrides(body.path("overrides")),
        issuers(body.path("issuers")));
  }

  /** Returns the id, which may be missing. */
  Optional<TenantId> id(JsonNode value) {
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    var id = value.isTextual() ? TenantId.parse(value.textValue()) : Optional.<TenantId>empty();
    if (id.isEmpty()) {
      faults.add("/id", "must be a lower-case letter or digit, then up to 62 of those or hyphens");
    }
    return id;
  }

  /** Returns the name. */
  String name(JsonNode value) {
    return checks.line(value, "/name", 1, 200);
  }

  /** Returns the name of a tier that exists. */
  String tier(JsonNode value) {
    if (!checks.missing(value, "/tier")
        && !(value.isTextual() && rules.tiers().contains(value.textValue()))) {
      faults.add("/tier", "must be one of " + String.join(", ", rules.tiers().names()));
    }
    return value.asText();
  }

  /** Returns the placement. */
  Placement placement(JsonNode value) {
    return checks.object(value, PLACEMENT)
        ? new PlacementReader(faults).read(value, PLACEMENT).orElse(new Placement.Pool())
        : new Placement.Pool();
  }

  /** Returns the overrides, which may be missing. */
  Overrides overrides(JsonNode value) {
    if (value.isMissingNode() || !checks.object(value, "/overrides")) {
      return Overrides.NONE;
    }
    var limits = new EnumMap<Limit, OptionalLong>(Limit.class);
    for (var limit : Limit.values()) {
      if (value.has(limit.label())) {
        limits.put(limit, limit(limit, value.path(limit.label())));
      }
    }
    rejectBurstWithoutLimit(limits);
    var features = checks.flags(value.path("features"), "/overrides/features", rules.features());
    return new Overrides(limits, features);
  }

  /**
   * A limited rate has a limited burst. An unlimited one would count as missing, which can be less
   * than the burst of the tier.
   */
  private void rejectBurstWithoutLimit(Map<Limit, OptionalLong> limits) {
    var isBurstUnlimited = OptionalLong.empty().equals(limits.get(Limit.BURST));
    if (isBurstUnlimited && !OptionalLong.empty().equals(limits.get(Limit.REQUESTS_PER_SECOND))) {
      faults.add("/overrides/burst", "can be unlimited only if requestsPerSecond is unlimited");
    }
  }

  /** Returns the value of a limit; empty if it is unlimited. A weight cannot be unlimited. */
  private OptionalLong limit(Limit limit, JsonNode value) {
    var pointer = "/overrides/" + limit.label();
    var canBeUnlimited = limit != Limit.WEIGHT;
    if (canBeUnlimited && value.isTextual()) {
      if (!value.textValue().equals(TenantJson.UNLIMITED)) {
        faults.add(pointer, "must be an integer or the text unlimited");
      }
      return OptionalLong.empty();
    }
    return OptionalLong.of(checks.integer(value, pointer, 1, limit.max()));
  }

  /** Returns the issuers, which may be missing. */
  Set<String> issuers(JsonNode value) {
    if (value.isMissingNode()) {
      return Set.of();
    }
    if (!value.isArray() || value.size() > MAX_ISSUERS) {
      faults.add("/issuers", "must be an array of at most " + MAX_ISSUERS + " issuers");
      return Set.of();
    }
    var issuers = new HashSet<String>();
    for (var i = 0; i < value.size(); i++) {
      var issuer = value.path(i);
      if (!issuer.isTextual() || !rules.issuers().contains(issuer.textValue())) {
        faults.add("/issuers/" + i, "must be a trusted issuer of tenants' tokens");
      } else if (!issuers.add(issuer.textValue())) {
        faults.add("/issuers/" + i, "must not be repeated");
      }
    }
    return issuers;
  }
}
