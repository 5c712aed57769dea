package dev.partywall.observability.log;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.slf4j.Marker;

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
}
