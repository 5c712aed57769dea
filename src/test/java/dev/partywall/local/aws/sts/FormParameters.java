package dev.partywall.local.aws.sts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The form parameters of an STS call. Duplicate parameters are rejected. */
final class FormParameters {
  private final TreeMap<String, String> values = new TreeMap<>();

  FormParameters(byte[] body) {
    for (var pair : new String(body, UTF_8).split("&", -1)) {
      var parts = pair.split("=", 2);
      if (values.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "") != null) {
        throw new AwsFault(AwsErrorCode.SERIALIZATION, "Duplicate parameter: " + parts[0]);
      }
    }
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String required(String name) {
    return get(name)
        .orElseThrow(() ->
            AwsFault.validation(
                "1 validation error detected: Value null at '%s%s' failed to satisfy constraint: Member must not be null"
                    .formatted(Character.toLowerCase(name.charAt(0)), name.substring(1))));
  }

  /** Rejects unknown parameters, because they might change the result. */
  void requireOnly(Set<String> known) {
    var unknown = new TreeSet<>(values.keySet());
    unknown.removeIf(name -> known.contains(name) || name.startsWith("Tags.member."));
    // An SDK writes an empty list of tags as an empty parameter.
    unknown.removeIf(name -> name.equals("Tags") && get(name).orElseThrow().isEmpty());
    if (!unknown.isEmpty()) {
      throw AwsFault.validation("This local AWS does not support the parameters " + unknown);
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new AwsFault(AwsErrorCode.SERIALIZATION, "Invalid form data: " + text);
    }
  }
}
