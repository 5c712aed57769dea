package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An implementation of RFC 7396 that shares nothing with the product. It represents a document as a
 * list of paths: each object is a path with the value <code>{}</code>, and each other value is a
 * path with its text. A patch is a sequence of changes of these paths.
 */
final class MergeOracle {
  private static final String OBJECT = "{}";

  private final Map<String, String> paths = new TreeMap<>();

  private MergeOracle() {}

  /** Returns the paths of a document. */
  static Map<String, String> paths(JsonNode document) {
    var oracle = new MergeOracle();
    oracle.add("", document);
    return oracle.paths;
  }

  /** Returns the paths of the patched document. */
  static Map<String, String> patch(JsonNode document, JsonNode patch) {
    var oracle = new MergeOracle();
    oracle.add("", document);
    oracle.change("", patch);
    return oracle.paths;
  }

  private void add(String path, JsonNode value) {
    paths.put(path, value.isObject() ? OBJECT : value.toString());
    if (value.isObject()) {
      value.properties().forEach(member -> add(path + "/" + member.getKey(), member.getValue()));
    }
  }

  private void change(String path, JsonNode patch) {
    if (!patch.isObject()) {
      removeAll(path);
      if (!patch.isNull() || path.isEmpty()) {
        paths.put(path, patch.toString());
      }
      return;
    }
    if (!OBJECT.equals(paths.get(path))) {
      removeAll(path);
      paths.put(path, OBJECT);
    }
    patch.properties().forEach(member -> change(path + "/" + member.getKey(), member.getValue()));
  }

  private void removeAll(String path) {
    List<String> below = new ArrayList<>(paths.keySet());
    below.removeIf(other -> !(other.equals(path) || other.startsWith(path + "/")));
    below.forEach(paths::remove);
  }
}
