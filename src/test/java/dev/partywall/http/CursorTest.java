package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.lang.ScopedValue.CallableOp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  /** Version 1, the fingerprint of the filter "a", and the position "7". */
  private static final String SEVEN = "AUFi_d05o-QiNw";

  private final Cursor cursor = new Cursor(List.of("a"), "7"::equals);
  private final Cursor anyPosition = new Cursor(List.of("a"), _ -> true);

  @Test
  void readsThePositionThatItWrites() {
    assertEquals(SEVEN, cursor.write("7"));
    assertEquals("7", cursor.read(SEVEN));
    assertEquals("AUFi_d05o-QiN8Op", anyPosition.write("7\u00e9"));
    assertEquals("7\u00e9", anyPosition.read("AUFi_d05o-QiN8Op"));
  }

  /** Clients keep cursors across releases. */
  @Test
  void readsTheCursorOfAnOrderList() {
    var orders = new Cursor(List.of("placed", "=user-7"), id -> id.length() == 26);
    assertEquals(
        "01JDEZ8Q4V0000000000020000",
        orders.read("ATtCSwq7PtqBMDFKREVaOFE0VjAwMDAwMDAwMDAwMjAwMDA"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "AQ",
        "AUFi_d05o-Q",
        SEVEN + "=",
        SEVEN + "==",
        SEVEN + "A",
        "AUFi_d05o-QiNx",
        "AkFi_d05o-QiNw",
        "AUFi_d05o-QjNw",
        "AUFi/d05o+QiNw",
        "AUFi_d05o-QiOA",
        "AUFi_d05o-Qi",
      })
  void rejectsOtherTexts(String text) {
    var rejection = assertThrows(ApiException.class, () -> cursor.read(text));
    assertEquals(
        new ApiError.Malformed("The cursor does not belong to this list."), rejection.error());
  }

  @Test
  void rejectsCursorsOfOtherFilters() {
    for (var filters : List.of(List.<String>of(), List.of("b"), List.of("a", ""))) {
      var other = new Cursor(filters, _ -> true).write("7");
      assertThrows(ApiException.class, () -> anyPosition.read(other), other);
    }
  }

  @Test
  void containsTheIncarnationFromTheSecondOneOn() {
    var second = inIncarnation(2, () -> cursor.write("7"));
    assertEquals("AgAAAAJBYv3dOaPkIjc", second);
    assertEquals("7", inIncarnation(2, () -> cursor.read(second)));
    assertEquals(SEVEN, inIncarnation(1, () -> cursor.write("7")));
  }

  @Test
  void rejectsCursorsOfOtherIncarnations() {
    var second = inIncarnation(2, () -> anyPosition.write("7"));
    assertThrows(ApiException.class, () -> anyPosition.read(second));
    assertThrows(ApiException.class, () -> inIncarnation(2, () -> anyPosition.read(SEVEN)));
    assertThrows(ApiException.class, () -> inIncarnation(3, () -> anyPosition.read(second)));
  }

  private static String inIncarnation(int incarnation, CallableOp<String, ApiException> work) {
    return Incarnation.bind(ScopedValue.where(ScopedValue.newInstance(), 0), incarnation)
        .call(work);
  }

  /** The byte 0xff is not UTF-8: the decoder would replace it. */
  @Test
  void rejectsPositionsThatAreNotUtf8() {
    assertThrows(ApiException.class, () -> anyPosition.read("AUFi_d05o-Qi_w"));
  }
}
