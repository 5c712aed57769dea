package dev.partywall.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.ClassPathJar;
import dev.partywall.Main;
import dev.partywall.local.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service in a separate process. */
class ShippedServiceTest {
  @RegisterExtension static final TestService service = TestService.ofJar(jar(), "orders");

  @RegisterExtension static final StartOfAnInvalidService invalid = new StartOfAnInvalidService();

  /** Keeps the error of a start. */
  static final class StartOfAnInvalidService implements BeforeAllCallback {
    private String message = "";

    @Override
    public void beforeAll(ExtensionContext context) {
      var service = TestService.ofJar(jar(), "orders").with("PARTYWALL_DRAIN_SECONDS", "x");
      message =
          String.valueOf(
              assertThrows(UncheckedIOException.class, () -> service.beforeAll(context))
                  .getMessage());
    }
  }

  private static Path jar() {
    try {
      return ClassPathJar.create(TemporaryFolder.create("jar").resolve("service.jar"), Main.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void servesTenantsSeparately() {
    var scopes = "orders:read orders:write usage:read";
    var isolation = service.isolation(scopes);
    var order =
        """
        {"currency":"EUR","items":[{"sku":"A-1","name":"Chimney pot","quantity":2,"unitPrice":990}]}\
        """;
    var placed = isolation.first().post("/orders", order);
    assertEquals(201, placed.status(), placed::text);
    assertTrue(isolation.first().get("/orders").text().contains("Chimney pot"));
    assertEquals("[]", isolation.second().get("/orders").json().path("orders").toString());
  }

  @Test
  void hasNoKernelForTheTests() {
    assertThrows(IllegalStateException.class, service::kernel);
  }

  @Test
  void reportsTheOutputOfAServiceThatDoesNotStart() {
    assertTrue(
        invalid.message.startsWith(
            "The service did not start: The service ended before it was ready"),
        invalid.message);
    assertTrue(invalid.message.contains("\nPARTYWALL_DRAIN_SECONDS: "), invalid.message);
  }
}
