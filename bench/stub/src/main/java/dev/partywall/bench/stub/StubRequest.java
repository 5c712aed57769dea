package dev.partywall.bench.stub;

/**
 * The parts of a request that the stub uses.
 *
 * @param operation the value of {@code X-Amz-Target}, or an empty string
 */
record StubRequest(String method, String target, String operation, String body) {
  String path() {
    var end = target.indexOf('?');
    return end < 0 ? target : target.substring(0, end);
  }

  /** Returns the query parameter without decoding, or the default value. */
  String parameter(String name, String defaultValue) {
    var query = target.substring(Math.min(target.length(), path().length() + 1));
    for (var pair : query.split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return defaultValue;
  }
}
