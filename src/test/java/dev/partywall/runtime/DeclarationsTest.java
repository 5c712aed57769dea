package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.openfeature.sdk.NoOpProvider;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.service.Capability;
import dev.partywall.service.Feature;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.service.Setting;
import dev.partywall.storage.Key;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclarationsTest {
  @Test
  void requiresACapability() {
    assertEquals("A service requires at least one capability", fault());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Notes", "my_notes", "1notes", "tenants", "usage"})
  void rejectsAnInvalidNameOfACapability(String name) {
    assertEquals("Invalid name of a capability: " + name, fault(_ -> Offering.of(name, List.of())));
  }

  @Test
  void rejectsTwoCapabilitiesWithOneName() {
    assertEquals("The capability is declared twice: notes", fault(notes(_ -> {}), notes(_ -> {})));
  }

  @Test
  void theFirstCapabilityNamesTheService() {
    var declared = declare(notes(_ -> {}), _ -> Offering.of("orders", List.of()));
    assertEquals("notes", declared.firstName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Notes", "notes_written", "abcdefghijklmnopqrstuvwxyzabcdefg"})
  void rejectsAnInvalidNameOfAMeter(String name) {
    assertEquals("Invalid name of a meter: " + name, fault(notes(kernel -> kernel.meter(name))));
  }

  @Test
  void rejectsAMeterThatTwoCapabilitiesDeclare() {
    Capability other =
        kernel -> {
          kernel.meter("notesWritten");
          return Offering.of("other", List.of());
        };
    assertEquals(
        "The meter is declared twice: notesWritten",
        fault(notes(kernel -> kernel.meter("notesWritten")), other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "notes", "1NOTES", "MY-NOTES", "PARTYWALL_NOTES", "AWS_REGION"})
  void rejectsAnInvalidNameOfASetting(String name) {
    assertEquals(
        "The name is invalid: " + name, fault(notes(kernel -> kernel.setting(name, "Help."))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Notes",
        "my-notes",
        "partywall_notes",
        "http_notes",
        "jvm_notes",
        "db_notes",
        "rpc_notes",
        "notes_total",
        "notes_info"
      })
  void rejectsAnInvalidNameOfACounter(String name) {
    assertEquals(
        "The name is invalid: " + name, fault(notes(kernel -> kernel.counter(name, "Help."))));
  }

  @Test
  void rejectsASettingAndACounterThatAreDeclaredTwice() {
    Consumer<Kernel> setting = kernel -> kernel.setting("NOTES_LIMIT", "Help.");
    assertEquals("The name is declared twice: NOTES_LIMIT", fault(notes(setting.andThen(setting))));
    Consumer<Kernel> counter = kernel -> kernel.counter("notes_read", "Help.");
    assertEquals("The name is declared twice: notes_read", fault(notes(counter.andThen(counter))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Order-notes", "order_notes", "1-note", "notes.x"})
  void rejectsAnInvalidNameOfAFeatureOrOfItsTier(String name) {
    var message = "The name is invalid: " + name;
    assertEquals(message, fault(notes(kernel -> kernel.feature(name, "free"))));
    assertEquals(message, fault(notes(kernel -> kernel.feature("order-notes", "free", name))));
  }

  @Test
  void rejectsAFeatureThatIsDeclaredTwice() {
    Consumer<Kernel> feature = kernel -> kernel.feature("order-notes");
    assertEquals("The name is declared twice: order-notes", fault(notes(feature.andThen(feature))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Note", "note_line", "1-note", "note#1", ".mark"})
  void rejectsAnInvalidNameOfACollection(String name) {
    assertEquals("The name is invalid: " + name, fault(notes(kernel -> kernel.collection(name))));
  }

  @Test
  void rejectsACollectionThatIsDeclaredTwiceOrIsTheKernels() {
    Consumer<Kernel> note = kernel -> kernel.collection("note");
    assertEquals("The name is declared twice: note", fault(notes(note.andThen(note))));
    assertEquals(
        "The kernel has a collection of this name: idempotency",
        fault(notes(kernel -> kernel.collection("idempotency"))));
  }

  /** A capability without a declaration may write to any collection. */
  @Test
  void collectionsAreLimitedIfEachCapabilityDeclaresSome() {
    var notes = notes(kernel -> kernel.collection("note"));
    Capability others =
        kernel -> {
          var _ = kernel.collection("other");
          return Offering.of("others", List.of());
        };
    assertEquals(Set.of("note", "other"), declare(notes, others).collections());
    assertEquals(Set.of(), declare(notes, _ -> Offering.of("plain", List.of())).collections());
  }

  @Test
  void acceptsOneFeatureProvider() {
    var offering = Offering.of("notes", List.of()).withFeatureProvider(new NoOpProvider());
    var other = Offering.of("other", List.of()).withFeatureProvider(new NoOpProvider());
    assertEquals(Set.of(), declare(_ -> offering).features());
    assertEquals("Two capabilities provide a feature provider", fault(_ -> offering, _ -> other));
  }

  @Test
  void acceptsNoDeclarationAfterTheStart() {
    var kernel = new AtomicReference<Kernel>();
    var declared = declare(notes(kernel::set));
    for (var late :
        List.<Consumer<Kernel>>of(
            late -> late.meter("late"),
            late -> late.collection("late"),
            late -> late.feature("late"),
            late -> late.setting("late", "Help."),
            late -> late.counter("late", "Help."))) {
      var failure = assertThrows(IllegalStateException.class, () -> late.accept(kernel.get()));
      assertEquals("late is declared after the start", failure.getMessage());
    }
    assertEquals(List.of(), declared.meters().declared());
    assertEquals(Set.of(), declared.collections());
    assertEquals(Set.of(), declared.features());
    assertEquals(List.of(), declared.settings());
    assertEquals(List.of(), declared.counters());
  }

  @Test
  void theTableIsInertBeforeTheStart() {
    var key = new Key("note", "x");
    assertEquals(
        "The table is used before the service has started",
        fault(notes(kernel -> kernel.table().get(key))));
    var kernel = new AtomicReference<Kernel>();
    declare(notes(kernel::set));
    var failure = assertThrows(IllegalStateException.class, () -> kernel.get().table().get(key));
    assertEquals("The table is used before the service has started", failure.getMessage());
  }

  @Test
  void aFeatureIsInertBeforeTheStart() {
    var message = "A feature is used before the service has started";
    assertEquals(message, fault(notes(kernel -> kernel.feature("order-notes").isOn())));
    var feature = new AtomicReference<Feature>();
    var declared = declare(notes(kernel -> feature.set(kernel.feature("order-notes", "gold"))));
    assertEquals(Set.of("order-notes"), declared.features());
    assertEquals("order-notes", feature.get().name());
    var failure = assertThrows(IllegalStateException.class, () -> feature.get().isOn());
    assertEquals(message, failure.getMessage());
  }

  /** The message is one line, because the command line prints it without a stack trace. */
  @Test
  void theMessageOfAnUnexpectedFailureNamesItsLocation() {
    Capability broken =
        _ -> {
          throw new NoSuchElementException("no value");
        };
    var message = fault(broken);
    assertTrue(
        message.startsWith(
            "A capability failed: java.util.NoSuchElementException: no value at"
                + " dev.partywall.runtime.DeclarationsTest."),
        message);
    assertEquals(1, message.lines().count());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /notes/{key}, GET /notes/{key}",
    "HEAD, /notes/{id},  HEAD /notes/{id}",
    "GET,  /usage,       GET /usage",
    "GET,  /tenant,      GET /tenant",
    "GET,  /openapi.json, GET /openapi.json",
    "GET,  /tenants,      GET /tenants",
    "GET,  /tenants/{x},  GET /tenants/{id}",
    "OPTIONS, /notes,    OPTIONS /notes",
  })
  void rejectsARouteThatExistsAlready(String method, String path, String named) {
    Capability other = _ -> Offering.of("other", List.of(route(method, path)));
    assertEquals(
        "Two routes have the same method and path: " + named,
        fault(_ -> Offering.of("notes", List.of(route("GET", "/notes/{id}"))), other));
  }

  @Test
  void acceptsAnotherMethodOfAPath() {
    var routes = List.of(route("GET", "/notes/{id}"), route("PUT", "/notes/{id}"));
    assertEquals(routes, declare(_ -> Offering.of("notes", routes)).routes());
  }

  @Test
  void aBlankSettingCountsAsNotSet() {
    var settings = new ArrayList<Setting>();
    var names = List.of("NOTES_A", "NOTES_B", "NOTES_C");
    Capability notes =
        notes(kernel -> names.forEach(name -> settings.add(kernel.setting(name, name + " help."))));
    var variables = Map.of("NOTES_A", " 7 ", "NOTES_B", "  ");
    var declared =
        Declarations.of(List.of(notes), variables, InstantSource.system(), new Random(1));
    assertEquals(
        List.of(Optional.of("7"), Optional.empty(), Optional.empty()),
        settings.stream().map(Setting::value).toList());
    assertEquals(
        names, declared.settings().stream().map(Declarations.DeclaredSetting::variable).toList());
  }

  @Test
  void listsTheMetersOfAllCapabilities() {
    var declared =
        declare(
            notes(kernel -> kernel.meter("written")),
            kernel -> Offering.of(kernel.meter("read").name(), List.of()));
    assertEquals(
        List.of("written", "read"),
        declared.meters().declared().stream().map(UsageMeter::label).toList());
  }

  private static Route route(String method, String path) {
    return Route.open(method, path, _ -> Response.of(204));
  }

  private static Capability notes(Consumer<Kernel> declarations) {
    return kernel -> {
      declarations.accept(kernel);
      return Offering.of("notes", List.of());
    };
  }

  private static Declarations declare(Capability... capabilities) {
    return Declarations.of(List.of(capabilities), Map.of(), InstantSource.system(), new Random(1));
  }

  private static String fault(Capability... capabilities) {
    var failure = assertThrows(IllegalArgumentException.class, () -> declare(capabilities));
    return String.valueOf(failure.getMessage());
  }
}
