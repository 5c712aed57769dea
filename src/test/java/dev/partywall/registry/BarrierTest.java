package dev.partywall.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class BarrierTest {
  private final AtomicLong ownSequence = new AtomicLong(5);
  private final AtomicLong otherSequence = new AtomicLong(4);
  private RegistryFixture fixture;
  private Instances own;
  private Instances other;

  @BeforeEach
  void open(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
    own = instance(ownSequence);
    other = instance(otherSequence);
    other.exchange();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  private Instances instance(AtomicLong sequence) {
    return new Instances(fixture.client, fixture.prefix, UUID::randomUUID, fixture.nanoClock::get)
        .publish(sequence::get, Map::of, _ -> 0);
  }

  private void advance(Duration duration) {
    fixture.nanoClock.addAndGet(duration.toNanos());
  }

  @Test
  void waitsForEachInstanceThatDoesNotKnowTheChange() {
    assertEquals(List.of(other.id()), own.waitingFor(5));
    assertEquals(List.of(), own.waitingFor(4));
    otherSequence.set(5);
    other.exchange();
    assertEquals(List.of(), own.waitingFor(5));
  }

  @Test
  void waitsForTheRequestsOfThisInstance() {
    otherSequence.set(6);
    other.exchange();
    assertEquals(List.of(own.id()), own.waitingFor(6));
    ownSequence.set(6);
    assertEquals(List.of(), own.waitingFor(6));
  }

  @Test
  void waitsFor75MinutesForAnInstanceThatIsSilent() {
    assertEquals(List.of(other.id()), own.waitingFor(5));
    advance(Duration.ofMinutes(75));
    assertEquals(List.of(other.id()), own.waitingFor(5));
    advance(Duration.ofNanos(1));
    assertEquals(List.of(), own.waitingFor(5));
  }

  @Test
  void aWriteOfASilentInstanceStartsItsTimeAgain() {
    own.waitingFor(5);
    advance(Duration.ofSeconds(4_000));
    other.exchange();
    own.waitingFor(5);
    advance(Duration.ofMinutes(75));
    assertEquals(List.of(other.id()), own.waitingFor(5));
  }

  @Test
  void anInstanceThatIsKnownToHaveEndedIsRemoved10SecondsLater() {
    var news = new AtomicInteger();
    own.recordEnd(Set.of(other.id()), news::incrementAndGet);
    advance(Duration.ofSeconds(10).minusNanos(1));
    own.exchange();
    assertEquals(List.of(other.id()), own.waitingFor(5));
    advance(Duration.ofNanos(1));
    own.exchange();
    assertEquals(List.of(), own.waitingFor(5));
    assertEquals(1, news.get());
  }
}
