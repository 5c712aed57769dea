package dev.partywall.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.partywall.testkit.TestClient.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The values in a tenant's successful requests and their responses.
 *
 * @param distinctive the values that another tenant can know only by a leak
 * @param ids the values that can identify an item in a path
 * @param cursors the cursors of pages
 */
record TenantValues(Set<String> distinctive, Set<String> ids, Set<String> cursors) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MIN_LENGTH = 6;

  /** Fields of every response, and validators, which repeat for different data. */
  private static final Set<String> GENERAL_FIELDS =
      Set.of(
          "allow",
          "cache-control",
          "connection",
          "content-length",
          "content-type",
          "date",
          "etag",
          "keep-alive",
          "ratelimit",
          "ratelimit-policy",
          "retry-after",
          "server",
          "vary",
          "www-authenticate",
          "x-request-id");

  /** Times without a fraction of a second repeat, for example the start of an hour. */
  private static final Pattern COARSE_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d)?(Z|[+-]\\d\\d:\\d\\d))?");

  /** A generated value of one word, such as a status, is part of the API and not of the data. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}_-]*");

  /** The separators of values in a text that is not JSON, such as CSV. */
  private static final Pattern SEPARATORS = Pattern.compile("[,;\\t\\r\\n]+");

  private static final Pattern NUMBER = Pattern.compile("[\\d.]+");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
  private static final Pattern ID_NAME = Pattern.compile("id|.*(Id|_id|Ids|_ids)");
  private static final Pattern CURSOR_NAME = Pattern.compile("next|.*cursor.*");

  /** Returns the values of exchanges with these operations. */
  static TenantValues of(List<Exchange> exchanges, List<ApiOperation> operations) {
    var values = new TenantValues(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    exchanges.stream()
        .filter(Exchange::isSuccessful)
        .filter(exchange -> !exchange.request().path().equals("/openapi.json"))
        .forEach(exchange -> {
          values.addRequest(exchange.request(), operations);
          values.addResponse(exchange.response());
        });
    return values;
  }

  /** Returns all strings and numbers in a text, which is JSON or one value. */
  static Set<String> in(String text) {
    var values = new TreeSet<String>();
    visit(text, (_, value) -> values.add(value.asText()));
    return values;
  }

  private void addRequest(TestRequest request, List<ApiOperation> operations) {
    request.body().ifPresent(body -> visit(body, (_, value) -> addSent(value.asText())));
    TestRequest.parameters(request.query()).map(Map.Entry::getValue).forEach(this::addSent);
    operations.stream()
        .filter(operation -> operation.parameters() > 0)
        .flatMap(operation -> operation.values(request.path()).stream())
        .forEach(values -> {
          values.forEach(this::addSent);
          ids.addAll(values);
        });
  }

  private void addResponse(TestResponse response) {
    visit(response.text(), this::addReceived);
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!GENERAL_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> addHeader(name, value));
          }
        });
  }

  private void addHeader(String name, String value) {
    addGenerated(value);
    if (name.equalsIgnoreCase("Location")) {
      var id = value.substring(value.lastIndexOf('/') + 1);
      ids.add(id);
      addGenerated(id);
    }
  }

  private void addReceived(String name, JsonNode value) {
    var text = value.asText();
    if (value.isNumber() && text.length() < 10) {
      return;
    }
    addGenerated(text);
    if (isCursorName(name)) {
      cursors.add(text);
    } else if (ID_NAME.matcher(name).matches() || isGeneratedId(text)) {
      ids.add(text);
    }
  }

  private static boolean isGeneratedId(String text) {
    return isDistinctive(text) && ID.matcher(text).matches() && !WORD.matcher(text).matches();
  }

  private void addSent(String value) {
    if (isDistinctive(value)) {
      distinctive.add(value);
    }
  }

  private void addGenerated(String value) {
    if (!WORD.matcher(value).matches()) {
      addSent(value);
    }
  }

  /** Returns whether the member or parameter of this name is a cursor. */
  static boolean isCursorName(String name) {
    return CURSOR_NAME.matcher(name).matches();
  }

  /** Returns the distinctive values in a text, apart from the known ones. */
  List<String> foundIn(String text, Set<String> known) {
    return distinctive.stream()
        .filter(value -> !known.contains(value) && contains(text, value))
        .toList();
  }

  /** A number must be complete: its digits can be part of any id. */
  private static boolean contains(String text, String value) {
    return NUMBER.matcher(value).matches()
        ? Pattern.compile("(?<![\\w.])" + Pattern.quote(value) + "(?![\\w.])").matcher(text).find()
        : text.contains(value);
  }

  private static boolean isDistinctive(String value) {
    return value.length() >= MIN_LENGTH && !COARSE_TIME.matcher(value).matches();
  }

  /** Visits each string and number with the name of the member that contains it. */
  private static void visit(String text, BiConsumer<String, JsonNode> visitor) {
    try {
      visit("", JSON.readTree(text), visitor);
    } catch (JsonProcessingException _) {
      SEPARATORS
          .splitAsStream(text)
          .forEach(value -> visitor.accept("", JSON.getNodeFactory().textNode(value)));
    }
  }

  private static void visit(String name, JsonNode node, BiConsumer<String, JsonNode> visitor) {
    if (node.isTextual() || node.isNumber()) {
      visitor.accept(name, node);
    }
    node.properties().forEach(member -> visit(member.getKey(), member.getValue(), visitor));
    if (node.isArray()) {
      node.forEach(element -> visit(name, element, visitor));
    }
  }
}
