package dev.partywall.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.storage.ShiftedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.InterceptorContext;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

class RegistryClockTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  private final ShiftedClock clock = new ShiftedClock(NOON);
  private final RegistryClock comparison = new RegistryClock(clock);

  private void receive(SdkHttpResponse.Builder response) {
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .protocol("http")
            .host("localhost")
            .build();
    var context =
        InterceptorContext.builder()
            .request(GetItemRequest.builder().build())
            .httpRequest(request)
            .httpResponse(response.build())
            .build();
    comparison.afterTransmission(context, new ExecutionAttributes());
  }

  private static SdkHttpResponse.Builder response(String date) {
    return SdkHttpResponse.builder().statusCode(200).putHeader("date", date);
  }

  @Test
  void comparesTheClockWithTheLastAnswer() {
    assertEquals(Optional.empty(), comparison.difference());
    receive(response("Sat, 28 Nov 2026 11:59:00 GMT"));
    assertEquals(Optional.of(Duration.ofSeconds(60)), comparison.difference());
    clock.advance(Duration.ofSeconds(5));
    receive(response("Sat, 28 Nov 2026 12:01:00 GMT"));
    assertEquals(Optional.of(Duration.ofSeconds(-55)), comparison.difference());
  }

  @Test
  void anAnswerWithoutAValidDateMakesTheDifferenceUnknown() {
    receive(response("Sat, 28 Nov 2026 12:00:00 GMT"));
    receive(SdkHttpResponse.builder().statusCode(200));
    assertEquals(Optional.empty(), comparison.difference());
    receive(response("yesterday"));
    assertEquals(Optional.empty(), comparison.difference());
  }
}
