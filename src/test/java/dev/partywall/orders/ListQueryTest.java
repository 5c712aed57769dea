package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Paging;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListQueryTest {
  private static final String ID = "01JD5ZTV4B7Q2W8X9Y0Z1A2B3C";

  @Test
  void defaultsToTwentyOrdersOfAllUsers() {
    assertEquals(
        new ListQuery(Optional.empty(), Optional.empty(), new Paging(20, Optional.empty())), of());
  }

  @Test
  void resolvesMeToTheCaller() {
    assertEquals(Optional.of("alice"), of("user=me").user());
    assertEquals(Optional.of("ME"), of("user=ME").user());
    assertEquals(of("user=alice").cursor(ID), of("user=me", "limit=3").cursor(ID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=+5",
        "limit= 5",
        "limit=5.0",
        "limit=05",
        "limit=",
        "limit=1000000000000",
        "limit=\u0661",
        "limit=5 limit=5",
        "status=",
        "status=PLACED",
        "status=unknown",
        "status=placed status=paid",
        "user=",
        "user=me user=me",
        "cursor=",
        "cursor=AQ",
        "cursor=*",
        "cursor=../..",
      })
  void rejectsInvalidParameters(String query) {
    assertMalformed(query.startsWith("limit= ") ? new String[] {query} : query.split(" ", -1));
  }

  @Test
  void acceptsCursorsOfTheSameFiltersOnly() {
    var queries =
        List.of(
            List.of("user=a"),
            List.of("user=placed"),
            List.of("status=placed"),
            List.of("user=a", "status=placed"),
            List.of("user=a", "status=paid"),
            List.<String>of());
    for (var one : queries) {
      var cursor = "cursor=" + of(one.toArray(String[]::new)).cursor(ID);
      for (var other : queries) {
        var parameters = Arrays.copyOf(other.toArray(String[]::new), other.size() + 1);
        parameters[other.size()] = cursor;
        if (one.equals(other)) {
          assertEquals(Optional.of(ID), of(parameters).paging().after());
        } else {
          assertMalformed(parameters);
        }
      }
    }
  }

  @Test
  void rejectsModifiedCursors() {
    var cursor = of().cursor(ID);
    var bytes = Base64.getUrlDecoder().decode(cursor);
    for (int i = 0; i < bytes.length; i++) {
      var forged = bytes.clone();
      forged[i] ^= (byte) 0x80;
      assertMalformed("cursor=" + Base64.getUrlEncoder().withoutPadding().encodeToString(forged));
    }
    for (var other : List.of(cursor + "=", cursor + "A", cursor.substring(1), strayBits(cursor))) {
      assertMalformed("cursor=" + other);
    }
  }

  /** Returns a text that a lenient decoder, which ignores two unused bits, reads as equal. */
  private static String strayBits(String cursor) {
    var last = (char) (cursor.charAt(cursor.length() - 1) + 1);
    var other = cursor.substring(0, cursor.length() - 1) + last;
    var decoder = Base64.getUrlDecoder();
    assertEquals(0, Arrays.compare(decoder.decode(cursor), decoder.decode(other)));
    return other;
  }

  private static void assertMalformed(String... parameters) {
    var thrown = assertThrows(ApiException.class, () -> of(parameters));
    assertInstanceOf(ApiError.Malformed.class, thrown.error());
  }

  private static ListQuery of(String... parameters) {
    Map<String, List<String>> query = new HashMap<>();
    for (var parameter : parameters) {
      var parts = parameter.split("=", 2);
      query.merge(
          parts[0], List.of(parts[1]), (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }
    var target = new RequestTarget("/orders", List.of("orders"), query);
    return ListQuery.of(Request.of("GET", target, Headers.NONE, Body.NONE).withSubject("alice"));
  }
}
