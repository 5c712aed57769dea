package dev.partywall.local.aws.sts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.aws.wire.AwsFault;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FormParametersTest {
  private static FormParameters form(String body) {
    return new FormParameters(body.getBytes(UTF_8));
  }

  /** The AWS SDK for JavaScript sends an empty list in this form. */
  @Test
  void anEmptyListOfTagsContainsNoTag() {
    var form = form("RoleArn=r&Tags=");
    assertDoesNotThrow(() -> form.requireOnly(Set.of("RoleArn")));
    assertEquals(Map.of(), SessionTags.of(form));
  }

  @Test
  void rejectsUnknownParameters() {
    assertThrows(AwsFault.class, () -> form("Tags=acme").requireOnly(Set.of()));
    assertThrows(AwsFault.class, () -> form("Tag=").requireOnly(Set.of("Tags")));
  }
}
