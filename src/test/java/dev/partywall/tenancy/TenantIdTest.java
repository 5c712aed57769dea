package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "acme", "acme-2", "2acme", "a-"})
  void acceptsLowerCaseLettersDigitsAndHyphens(String text) {
    assertEquals(Optional.of(new TenantId(text)), TenantId.parse(text));
    assertEquals(text, new TenantId(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-acme",
        "Acme",
        "acme.0",
        "acme#1",
        "acme/1",
        "acme*",
        "acm?",
        "${aws:userid}",
        "acme_1",
        "acme globex",
        "acme\n",
        "acme\0",
        "acme\"",
        "\u0430cme",
        "acme\u0661"
      })
  void rejectsAllOtherText(String text) {
    assertThrows(IllegalArgumentException.class, () -> new TenantId(text));
    assertEquals(Optional.empty(), TenantId.parse(text));
  }

  @Test
  void acceptsAtMost63Characters() {
    assertEquals(63, new TenantId("a".repeat(63)).value().length());
    assertThrows(IllegalArgumentException.class, () -> new TenantId("a".repeat(64)));
    assertEquals(Optional.empty(), TenantId.parse("a".repeat(64)));
  }
}
