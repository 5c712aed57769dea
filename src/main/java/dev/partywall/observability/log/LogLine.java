package dev.partywall.observability.log;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Formats log lines: {@code timestamp}, {@code level}, {@code logger}, {@code message}; then,
 * inside a request, {@code tenant}, {@code tier}, {@code user}, {@code traceId}, {@code spanId},
 * {@code requestId}; then the event's own fields. Names are unique, and an event's field cannot
 * replace a standard field.
 */
final class LogLine {
  /** The names of standard fields. An event's field of such a name gets an underscore appended. */
  private static final Set<String> RESERVED =
      Set.of(
          "timestamp",
          "level",
          "logger",
          "message",
          "tenant",
          "tier",
          "user",
          "traceId",
          "spanId",
          "requestId",
          "markers",
          "exception",
          "truncated",
          "hash");

  private static final int MAX_MESSAGE = 8_192;
  private static final int MAX_NAME = 256;

  private final InstantSource clock;

  LogLine(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns the complete line, including the line feed. */
  byte[] format(LogEvent event) {
    return startLine(event).endObject().raw('\n').toBytes();
  }

  /** Returns the line without its closing brace and line feed. */
  JsonLineBuilder startLine(LogEvent event) {
    var text = new JsonLineBuilder().beginObject();
    timestamp(text.name("timestamp"));
    text.name("level").literal('"' + event.level().name() + '"');
    text.name("logger").string(event.logger(), MAX_NAME);
    text.name("message").string(event.message(), MAX_MESSAGE);
    context(text);
    markers(text, event.markers());
    new LogFields(RESERVED).write(text, event.pairs());
    if (event.thrown() != null) {
      LogFields.writeException(text.name("exception"), event.thrown());
    }
    return text.isTruncated() ? text.name("truncated").literal("true") : text;
  }

  // RFC 3339 in UTC with exactly six fractional digits, which makes lines sort as text.
  private void timestamp(JsonLineBuilder text) {
    var now = clock.instant();
    var time = LocalDateTime.ofEpochSecond(now.getEpochSecond(), now.getNano(), ZoneOffset.UTC);
    text.raw('"').digits(time.getYear(), 4).raw('-').digits(time.getMonthValue(), 2);
    text.raw('-').digits(time.getDayOfMonth(), 2).raw('T').digits(time.getHour(), 2);
    text.raw(':').digits(time.getMinute(), 2).raw(':').digits(time.getSecond(), 2);
    text.raw('.').digits(time.getNano() / 1_000, 6).raw('Z').raw('"');
  }

  private static void context(JsonLineBuilder text) {
    Execution.currentTenant().ifPresent(tenant -> tenant(text, tenant));
    Execution.currentIdentity()
        .ifPresent(identity -> text.name("user").string(identity.subject(), MAX_NAME));
    Execution.current().map(Execution::ids).ifPresent(ids -> ids(text, ids));
  }

  private static void tenant(JsonLineBuilder text, Tenant tenant) {
    text.name("tenant").string(tenant.id().value(), MAX_NAME);
    tenant.tier().ifPresent(tier -> text.name("tier").string(tier, MAX_NAME));
  }

  private static void ids(JsonLineBuilder text, Execution.CorrelationIds ids) {
    text.name("traceId").string(ids.traceId(), MAX_NAME);
    text.name("spanId").string(ids.spanId(), MAX_NAME);
    text.name("requestId").string(ids.requestId(), MAX_NAME);
  }

  private static void markers(JsonLineBuilder text, List<Marker> markers) {
    if (!markers.isEmpty()) {
      text.name("markers")
          .string(String.join(" ", markers.stream().map(Marker::getName).toList()), MAX_NAME);
    }
  }

  /**
   * Writes an event's own fields under sanitized, unique names, and its exception. No value can
   * prevent the line: number and length are limited, and a value whose methods fail is replaced by
   * a note. {@link JsonLineBuilder} contains the comparison with Jackson's generator.
   */
  private static final class LogFields {
    // Together with the limit of all text in JsonLineBuilder, these bound a line to about 300 KB,
    // even if each character is escaped. The log's buffer of 4 MiB then takes at least 13 lines.
    private static final int MAX_FIELDS = 64;
    private static final int MAX_NAME = 128;
    private static final int MAX_VALUE = 2_048;
    private static final int MAX_TYPE = 256;
    private static final int MAX_STACK = 16_384;

    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_.-]");

    private final Set<String> reserved;
    private final List<String> used = new ArrayList<>();

    LogFields(Set<String> reserved) {
      this.reserved = reserved;
    }

    void write(JsonLineBuilder text, List<KeyValuePair> pairs) {
      for (var pair : pairs.subList(0, Math.min(MAX_FIELDS, pairs.size()))) {
        value(text.name(uniqueName(String.valueOf(pair.key))), pair.value);
      }
      if (pairs.size() > MAX_FIELDS) {
        text.name(uniqueName("fieldsLeftOut")).literal(String.valueOf(pairs.size() - MAX_FIELDS));
      }
    }

    // Sanitizes before comparing: truncation can make two names equal.
    private String uniqueName(String key) {
      var name = isSafe(key) ? key : sanitize(key);
      // Usually five names, at most one per field: a set would not be faster.
      while (reserved.contains(name) || used.contains(name)) {
        name += "_";
      }
      used.add(name);
      return name;
    }

    // Runs for every field of every line, and most names are safe: avoids a regular expression.
    private static boolean isSafe(String key) {
      for (var i = 0; i < key.length(); i++) {
        var c = key.charAt(i);
        var letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') {
          return false;
        }
      }
      return !key.isEmpty() && key.length() <= MAX_NAME;
    }

    private static String sanitize(String key) {
      var name = key.length() > MAX_NAME ? key.substring(0, MAX_NAME) : key;
      return UNSAFE.matcher(name).replaceAll("_");
    }

    private static void value(JsonLineBuilder text, @Nullable Object value) {
      switch (value) {
        case null -> text.literal("null");
        case Boolean bool -> text.literal(bool.toString());
        case Long number -> text.literal(number.toString());
        case Integer number -> text.literal(number.toString());
        case Double number when Double.isFinite(number) -> text.literal(number.toString());
        default -> text.string(toText(value), MAX_VALUE);
      }
    }

    // A failing toString() must not lose the line.
    private static String toText(Object value) {
      try {
        return String.valueOf(value.toString());
      } catch (RuntimeException e) {
        return "[" + value.getClass().getName() + ".toString() failed]";
      }
    }

    /** Writes an exception as a JSON object: type, message, and the stack trace as a string. */
    static void writeException(JsonLineBuilder text, Throwable thrown) {
      text.beginObject();
      text.name("type").string(thrown.getClass().getName(), MAX_TYPE);
      text.name("message").string(message(thrown), MAX_VALUE);
      text.name("stack").string(stack(thrown), MAX_STACK);
      text.endObject();
    }

    // Exceptions may override these methods. Their failure must not lose the line.
    private static String message(Throwable thrown) {
      try {
        return String.valueOf(thrown.getMessage());
      } catch (RuntimeException e) {
        return "[getMessage() failed]";
      }
    }

    private static String stack(Throwable thrown) {
      var trace = new StringWriter();
      try {
        thrown.printStackTrace(new PrintWriter(trace));
      } catch (RuntimeException e) {
        trace.append("[printStackTrace() failed]");
      }
      return trace.toString();
    }
  }
}
