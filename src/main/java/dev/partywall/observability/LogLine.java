package dev.partywall.observability;

import dev.partywall.tenancy.RequestScope;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Marker;

/**
 * The one form of a log line: {@code timestamp}, {@code level}, {@code logger}, {@code message};
 * then, inside a request, {@code tenant}, {@code tier}, {@code user}, {@code traceId}, {@code
 * spanId}, {@code requestId}; then the event's own fields. No name comes twice, and an event's
 * field can't take the place of one of ours.
 */
final class LogLine {
  /** The names that are ours: an event's field of that name gets an underscore behind it. */
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

  private static final int MESSAGE = 8_192;
  private static final int SHORT = 256;

  private final InstantSource clock;

  LogLine(InstantSource clock) {
    this.clock = clock;
  }

  /** The whole line, with its end. */
  byte[] of(LogEvent event) {
    return begin(event).close().raw('\n').toBytes();
  }

  /** The line up to, and without, the brace that ends it. */
  JsonText begin(LogEvent event) {
    var text = new JsonText().open();
    timestamp(text.name("timestamp"));
    text.name("level").literal('"' + event.level().name() + '"');
    text.name("logger").string(event.logger(), SHORT);
    text.name("message").string(event.message(), MESSAGE);
    context(text);
    markers(text, event.markers());
    new LogFields(RESERVED).write(text, event.pairs());
    if (event.thrown() != null) {
      Thrown.write(text.name("exception"), event.thrown());
    }
    return text.isCut() ? text.name("truncated").literal("true") : text;
  }

  // RFC 3339 in UTC, always with six digits of a second, so that lines sort as text.
  private void timestamp(JsonText text) {
    var now = clock.instant();
    var time = LocalDateTime.ofEpochSecond(now.getEpochSecond(), now.getNano(), ZoneOffset.UTC);
    text.raw('"').digits(time.getYear(), 4).raw('-').digits(time.getMonthValue(), 2);
    text.raw('-').digits(time.getDayOfMonth(), 2).raw('T').digits(time.getHour(), 2);
    text.raw(':').digits(time.getMinute(), 2).raw(':').digits(time.getSecond(), 2);
    text.raw('.').digits(time.getNano() / 1_000, 6).raw('Z').raw('"');
  }

  private static void context(JsonText text) {
    var scope = RequestScope.current();
    tenant(scope).ifPresent(tenant -> tenant(text, tenant));
    scope.flatMap(RequestScope::caller).ifPresent(it -> text.name("user").string(it.user(), SHORT));
    scope.map(RequestScope::ids).ifPresent(ids -> ids(text, ids));
  }

  // Work in the background binds a tenant without a request.
  private static Optional<Tenant> tenant(Optional<RequestScope> scope) {
    return TenantContext.isBound()
        ? Optional.of(TenantContext.current())
        : scope.flatMap(LogLine::ofScope);
  }

  // A tenant that is refused at the door is still named, by its token.
  private static Optional<Tenant> ofScope(RequestScope scope) {
    return scope
        .tenant()
        .or(() -> scope.caller().map(it -> new Tenant(it.tenant(), it.tier().orElse(""))));
  }

  private static void tenant(JsonText text, Tenant tenant) {
    text.name("tenant").string(tenant.id().value(), SHORT);
    if (!tenant.tier().isEmpty()) {
      text.name("tier").string(tenant.tier(), SHORT);
    }
  }

  private static void ids(JsonText text, RequestScope.Ids ids) {
    text.name("traceId").string(ids.traceId(), SHORT);
    text.name("spanId").string(ids.spanId(), SHORT);
    text.name("requestId").string(ids.requestId(), SHORT);
  }

  private static void markers(JsonText text, List<Marker> markers) {
    if (!markers.isEmpty()) {
      text.name("markers")
          .string(String.join(" ", markers.stream().map(Marker::getName).toList()), SHORT);
    }
  }
}
