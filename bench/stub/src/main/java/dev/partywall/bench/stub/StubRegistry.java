package dev.partywall.bench.stub;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The table of registered tenants. Every tenant is registered, so any number of tenants is
 * available without memory. A tenant's tier is the first part of its name, for example {@code
 * standard} for {@code standard-7}; all others have the tier {@code premium}.
 */
final class StubRegistry {
  private static final Pattern TENANT_KEY =
      Pattern.compile("(?=.*\"sk\":\\{\"S\":\"\\.tenant\"}).*\"pk\":\\{\"S\":\"([^\"]+)\"}");
  private static final List<String> TIERS = List.of("free", "standard");

  private StubRegistry() {}

  /** Returns the response to a read of one item. */
  static String item(String body) {
    if (body.contains("\".sequence\"")) {
      // A registry without changes would be a registry without tenants.
      return "{\"Item\":{\"s\":{\"N\":\"1000000\"},\"f\":{\"N\":\"1\"}}}";
    }
    var key = TENANT_KEY.matcher(body);
    return key.find() ? "{\"Item\":" + tenant(key.group(1)) + "}" : "{}";
  }

  private static String tenant(String id) {
    var document =
        """
        {"id":"%1$s","name":"Tenant %1$s","tier":"%2$s","status":"active","placement":"pool",\
        "limits":{},"features":{},"issuers":[],"createdAt":"2026-11-01T00:00:00Z",\
        "updatedAt":"2026-11-01T00:00:00Z","version":1,"incarnation":1}\
        """
            .formatted(id, tier(id));
    return """
    {"pk":{"S":"%s"},"sk":{"S":".tenant"},"f":{"N":"1"},"v":{"N":"1"},"inc":{"N":"1"},\
    "st":{"S":"active"},"n":{"S":"0"},"doc":{"S":"%s"}}\
    """
        .formatted(id, document.replace("\"", "\\\""));
  }

  private static String tier(String id) {
    var first = id.split("-", 2)[0];
    return TIERS.contains(first) ? first : "premium";
  }
}
