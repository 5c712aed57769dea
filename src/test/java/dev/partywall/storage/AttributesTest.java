package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.tenancy.TenantLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {
  private static final TenantLocation LOCATION = new TenantLocation("orders", List.of("acme"));
  private static final Item ITEM = Item.of(new Key("thing", "one"), "{}");

  @Test
  void rejectsItemsInAnUnknownFormat() {
    var attributes = new HashMap<>(Attributes.of(LOCATION, ITEM, Optional.empty()));
    assertEquals(ITEM, Attributes.read(attributes));
    attributes.put(Attributes.FORMAT, Attributes.number(2));
    assertThrows(IllegalStateException.class, () -> Attributes.read(attributes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {Attributes.FORMAT, Attributes.SORT_KEY, Attributes.VERSION, Attributes.DOCUMENT})
  void rejectsItemsThatLackAnAttribute(String name) {
    var attributes = new HashMap<>(Attributes.of(LOCATION, ITEM, Optional.empty()));
    attributes.remove(name);
    var error = assertThrows(IllegalStateException.class, () -> Attributes.read(attributes));
    assertEquals("the item lacks the attribute " + name, error.getMessage());
  }
}
