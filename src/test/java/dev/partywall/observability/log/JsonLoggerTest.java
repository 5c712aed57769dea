package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MarkerFactory;

class JsonLoggerTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"), "premium");

  private final CapturedLog log = new CapturedLog();
  private final Logger logger = log.logger("dev.partywall.Some");

  @Test
  void writesTimestampLevelLoggerAndMessage() {
    logger.warn("{} of {}", 1, "two");
    assertEquals(
        List.of(
            "{\"timestamp\":\"2026-11-23T08:00:00.123456Z\",\"level\":\"WARN\","
                + "\"logger\":\"dev.partywall.Some\",\"message\":\"1 of two\"}"),
        log.rawLines());
  }

  @Test
  void usesTheLevelsOfSlf4jSimple() {
    logger.debug("below the default level");
    logger.atDebug().log("fluent, below the default level");
    assertTrue(log.rawLines().isEmpty());
    assertTrue(logger.isInfoEnabled());
    assertFalse(logger.isDebugEnabled());
  }

  @Test
  void addsRequestFieldsInsideARequest() {
    var scope = TestExecution.create();
    scope.setIdentity(
        new Identity.TenantUser(
            ACME.id(), Optional.of("free"), "alice", Set.of(), TestExecution.ORIGIN));
    scope.call(() -> scope.callForTenant(ACME, () -> log("inside")));
    var line = log.singleLine();
    assertEquals("acme", line.get("tenant").textValue());
    assertEquals("premium", line.get("tier").textValue());
    assertEquals("alice", line.get("user").textValue());
    assertEquals("t1", line.get("traceId").textValue());
    assertEquals("s1", line.get("spanId").textValue());
    assertEquals("r1", line.get("requestId").textValue());
  }

  @Test
  void namesTheTenantOfTheTokenBeforeATenantIsBound() {
    var scope = TestExecution.create();
    scope.setIdentity(
        new Identity.TenantUser(
            ACME.id(), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN));
    scope.call(() -> log("rejected"));
    assertEquals("acme", log.singleLine().get("tenant").textValue());
    assertNull(log.singleLine().get("tier"));
  }

  @Test
  void namesTheTenantOfBackgroundWork() {
    TenantContext.call(new Tenant(ACME.id()), () -> log("shipping"));
    assertEquals("acme", log.singleLine().get("tenant").textValue());
    assertNull(log.singleLine().get("tier"));
    assertNull(log.singleLine().get("requestId"));
  }

  @Test
  void writesPairsAsFieldsOfTheirType() {
    logger
        .atInfo()
        .addKeyValue("int", 1)
        .addKeyValue("long", 2L)
        .addKeyValue("double", 0.5)
        .addKeyValue("nan", Double.NaN)
        .addKeyValue("true", true)
        .addKeyValue("null", (Object) null)
        .addKeyValue("list", List.of(1, 2))
        .log("fields");
    var line = log.singleLine();
    assertEquals(1, line.get("int").intValue());
    assertEquals(2, line.get("long").longValue());
    assertEquals(0.5, line.get("double").doubleValue());
    assertEquals("NaN", line.get("nan").textValue());
    assertTrue(line.get("true").booleanValue());
    assertTrue(line.get("null").isNull());
    assertEquals("[1, 2]", line.get("list").textValue());
  }

  @Test
  void writesMarkersAsAField() {
    logger.info(MarkerFactory.getMarker("BILLING"), "marked");
    assertEquals("BILLING", log.singleLine().get("markers").textValue());
  }

  @Test
  void writesAnExceptionAsAnObject() {
    var cause = new IllegalArgumentException("the cause\nsays");
    logger.error("failed {}", "here", new IllegalStateException("outer", cause));
    var line = log.singleLine();
    assertEquals("failed here", line.get("message").textValue());
    var exception = line.get("exception");
    assertEquals("java.lang.IllegalStateException", exception.get("type").textValue());
    assertEquals("outer", exception.get("message").textValue());
    assertTrue(exception.get("stack").textValue().contains("Caused by: java.lang.IllegalArg"));
    assertTrue(exception.get("stack").textValue().contains("JsonLoggerTest"));
  }

  @Test
  void findsTheExceptionAmongFluentArguments() {
    logger.atError().log("failed {}", "here", new IllegalStateException("outer"));
    assertEquals("outer", log.singleLine().get("exception").get("message").textValue());
  }

  private Object log(String message) {
    logger.info(message);
    return this;
  }
}
