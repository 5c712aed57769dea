package dev.partywall.local.aws.sigv4;

import dev.partywall.local.aws.wire.AwsRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The canonical form of a request, which caller and server both sign. The path is used as sent,
 * because this local AWS serves only {@code /}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">create
 *     a signed request</a>
 */
final class CanonicalRequest {
  private CanonicalRequest() {}

  static String of(AwsRequest request, List<String> signedHeaders) {
    var headers =
        signedHeaders.stream()
            .map(name -> name + ":" + value(request.headers().getOrDefault(name, List.of())) + "\n")
            .collect(Collectors.joining());
    return String.join(
        "\n",
        request.method(),
        request.path(),
        query(request.query()),
        headers,
        String.join(";", signedHeaders),
        SigningHash.sha256(request.body()));
  }

  private static String value(List<String> values) {
    return values.stream()
        .map(value -> value.strip().replaceAll(" +", " "))
        .collect(Collectors.joining(","));
  }

  private static String query(String query) {
    return query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&", -1))
            .map(pair -> pair.contains("=") ? pair : pair + "=")
            .sorted()
            .collect(Collectors.joining("&"));
  }
}
