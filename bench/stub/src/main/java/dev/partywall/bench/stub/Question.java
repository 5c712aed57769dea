package dev.partywall.bench.stub;

/**
 * A request, as far as the stub looks at it.
 *
 * @param operation the value of {@code X-Amz-Target}; empty where there is none
 */
record Question(String method, String target, String operation, String body) {
  String path() {
    var end = target.indexOf('?');
    return end < 0 ? target : target.substring(0, end);
  }

  /** A query parameter that needs no decoding, or {@code otherwise}. */
  String parameter(String name, String otherwise) {
    var query = target.substring(Math.min(target.length(), path().length() + 1));
    for (var pair : query.split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return otherwise;
  }
}
