package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.operations.receipt.ReceiptFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffboardingSettingsTest {
  @TempDir Path folder;

  private String store(String content, String permissions) throws IOException {
    var file = Files.writeString(folder.resolve("receipt.jwk"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions))
        .toString();
  }

  private static List<String> faults(Map<String, String> variables) {
    var env = new Environment(variables);
    OffboardingSettings.read(env);
    return env.faults().lines();
  }

  @Test
  void withoutVariablesNoTenantCanBeDeletedAndTheRetentionIs30Days() {
    var settings = OffboardingSettings.read(new Environment(Map.of()));
    assertEquals(Duration.ofDays(30), settings.retention());
    assertEquals(Optional.empty(), settings.receiptKey());
    assertEquals(Optional.empty(), settings.warning());
  }

  @Test
  void readsBothVariables() throws IOException {
    var key = store(ReceiptFixture.KEY, "rw-------");
    var env = new Environment(Map.of("PARTYWALL_RETENTION", "PT1H", "PARTYWALL_RECEIPT_KEY", key));
    var settings = OffboardingSettings.read(env);
    assertEquals(List.of(), env.faults().lines());
    assertEquals(Duration.ofHours(1), settings.retention());
    assertTrue(settings.receiptKey().isPresent());
    assertEquals(Optional.empty(), settings.warning());
  }

  @ParameterizedTest
  @CsvSource({"rw-r-----", "rw----r--"})
  void warnsAboutAPrivateKeyThatOtherUsersCanRead(String permissions) throws IOException {
    var key = store(ReceiptFixture.KEY, permissions);
    var settings = OffboardingSettings.read(new Environment(Map.of("PARTYWALL_RECEIPT_KEY", key)));
    assertEquals(
        Optional.of(
            "PARTYWALL_RECEIPT_KEY: other users of this machine can read the private key in "
                + key),
        settings.warning());
  }

  @Test
  void namesTheVariableOfEachFault() throws IOException {
    assertEquals(
        List.of(
            "PARTYWALL_RECEIPT_KEY: must be a JSON Web Key",
            "PARTYWALL_RETENTION: must be PnD or PTnHnMnS, at most P3650D"),
        faults(
            Map.of(
                "PARTYWALL_RECEIPT_KEY", store("{}", "rw-------"), "PARTYWALL_RETENTION", "30d")));
    var missing = faults(Map.of("PARTYWALL_RECEIPT_KEY", folder + "/none"));
    assertTrue(
        missing.getFirst().startsWith("PARTYWALL_RECEIPT_KEY: cannot be read: "),
        missing::toString);
  }
}
