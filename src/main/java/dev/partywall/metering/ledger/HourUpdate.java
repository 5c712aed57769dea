package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.Amounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An update of an hour's item: the parts of an update expression, and its placeholders. */
final class HourUpdate {
  /**
   * The attributes that are their own placeholders. The names of routes and features ({@code r_},
   * {@code f_}) are none: an hour can have 200 of them, and an expression has at most 4 KB.
   */
  private static final Pattern PLACEHOLDER = Pattern.compile("(?![rf]_)[A-Za-z0-9_]+");

  private final List<String> assignments = new ArrayList<>(List.of("f = :f"));
  private final List<String> additions = new ArrayList<>();
  // DynamoDB rejects reserved words in expressions.
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();

  HourUpdate() {
    values.put(":f", LedgerItem.CURRENT_FORMAT);
  }

  /** Adds amounts. DynamoDB numbers are decimals, so units stay exact. */
  HourUpdate adding(Amounts amounts) {
    for (var meter : amounts.meters()) {
      var placeholder = put(meter.attribute(), LedgerItem.number(meter, amounts.steps(meter)));
      additions.add("#" + placeholder + " :" + placeholder);
    }
    return this;
  }

  /** Sets an attribute. */
  HourUpdate setting(String attribute, AttributeValue value) {
    var placeholder = put(attribute, value);
    assignments.add("#" + placeholder + " = :" + placeholder);
    return this;
  }

  /** Sets the tier of the hour, unless it is set. */
  HourUpdate settingTierOnce(String tier) {
    var _ = put(LedgerItem.TIER, AttributeValue.fromS(tier));
    assignments.add("#tier = if_not_exists(#tier, :tier)");
    return this;
  }

  /** Records the time of a change that is not late. */
  HourUpdate changedAt(Instant now) {
    return setting(LedgerItem.CHANGED, LateUsage.number(now));
  }

  /** Records the time of the last request. */
  HourUpdate lastRequestAt(Instant time) {
    return setting(LedgerItem.LAST_REQUEST, LateUsage.number(time));
  }

  /** Records the time of the last request, unless the hour has one, which is probably later. */
  HourUpdate lastRequestAtIfUnknown(Instant time) {
    var _ = put(LedgerItem.LAST_REQUEST, LateUsage.number(time));
    assignments.add("#last = if_not_exists(#last, :last)");
    return this;
  }

  /** Records a part that is late. */
  HourUpdate appending(LateUsage part) {
    var _ = put(LedgerItem.LATE, part.toList());
    values.put(":none", AttributeValue.fromL(List.of()));
    assignments.add("#late = list_append(if_not_exists(#late, :none), :late)");
    return this;
  }

  /**
   * Adds an attribute and its value, and returns the name of both placeholders. It is the attribute
   * if DynamoDB permits that and the attribute is not a route or a feature.
   */
  private String put(String attribute, AttributeValue value) {
    var placeholder = PLACEHOLDER.matcher(attribute).matches() ? attribute : "use" + names.size();
    names.put("#" + placeholder, attribute);
    values.put(":" + placeholder, value);
    return placeholder;
  }

  String expression() {
    var expression = "SET " + String.join(", ", assignments);
    return additions.isEmpty() ? expression : expression + " ADD " + String.join(", ", additions);
  }

  Map<String, String> names() {
    return names;
  }

  /** Returns the values, with more for the condition of the update. */
  Map<String, AttributeValue> values(Map<String, AttributeValue> more) {
    var all = new HashMap<>(values);
    all.putAll(more);
    return all;
  }
}
