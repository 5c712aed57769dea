package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.service.Capability;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.service.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredPeersTest {
  @Test
  void collectsThePeersOfAllCapabilities() {
    var declarations =
        ServiceFixture.declare(List.of(calling("a", "orders"), calling("b", "stock", "tax")));
    assertEquals(Set.of("orders", "stock", "tax"), declarations.peers());
  }

  @Test
  void rejectsAPeerThatIsDeclaredTwice() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> ServiceFixture.declare(List.of(calling("a", "tax"), calling("b", "tax"))));
    assertEquals("The name is declared twice: tax", error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Orders", "orders.eu", "tenants", "1st", "a=b"})
  void rejectsInvalidNames(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> ServiceFixture.declare(List.of(calling("a", name))));
  }

  @Test
  void aPeerIsUnusableBeforeTheStartAndUndeclarableAfterwards() {
    var peers = new ArrayList<Peer>();
    var kernels = new ArrayList<Kernel>();
    ServiceFixture.declare(
        List.of(kernel -> {
          kernels.add(kernel);
          peers.add(kernel.service("orders"));
          return Offering.of("a", List.of());
        }));
    assertThrows(IllegalStateException.class, () -> peers.getFirst().get("/orders"));
    assertThrows(IllegalStateException.class, () -> kernels.getFirst().service("stock"));
  }

  private static Capability calling(String name, String... peers) {
    return kernel -> {
      for (var peer : peers) {
        var _ = kernel.service(peer);
      }
      return Offering.of(name, List.of());
    };
  }
}
