package dev.partywall.local.aws.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.aws.wire.AwsRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published examples: AWS's signature test suite and the example of its user guide. */
class SignatureTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String TIME = "20150830T123600Z";
  private static final CredentialScope SUITE =
      new CredentialScope("20150830", "us-east-1", "service", "aws4_request");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          get-vanilla  | GET  | '' | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
          post-vanilla | POST | '' | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
          get-vanilla-query-order-key-case | GET | Param2=value2&Param1=value1 | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
          """)
  void signsAsTheTestSuiteDoes(String name, String method, String query, String signature) {
    var request = request(method, query, Map.of(), "");
    assertEquals(signature, sign(request, "host", "x-amz-date"), name);
  }

  @Test
  void signsABodyAsTheTestSuiteDoes() {
    var request =
        request(
            "POST",
            "",
            Map.of("content-type", List.of("application/x-www-form-urlencoded")),
            "Param1=value1");
    assertEquals(
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        sign(request, "content-type", "host", "x-amz-date"));
  }

  @Test
  void trimsHeadersAsTheTestSuiteDoes() {
    var headers = Map.of("my-header1", List.of(" value1"), "my-header2", List.of(" \"a   b   c\""));
    assertEquals(
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        sign(request("GET", "", headers, ""), "host", "my-header1", "my-header2", "x-amz-date"));
  }

  @Test
  void signsAsTheUserGuideDoes() {
    var headers =
        Map.of(
            "content-type", List.of("application/x-www-form-urlencoded; charset=utf-8"),
            "host", List.of("iam.amazonaws.com"));
    var request = request("GET", "Action=ListUsers&Version=2010-05-08", headers, "");
    var canonical = CanonicalRequest.of(request, List.of("content-type", "host", "x-amz-date"));
    assertEquals(
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
        SigningHash.sha256(canonical.getBytes(UTF_8)));
    assertEquals(
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        new CredentialScope("20150830", "us-east-1", "iam", "aws4_request")
            .sign(SECRET, TIME, canonical));
  }

  private static String sign(AwsRequest request, String... signedHeaders) {
    return SUITE.sign(SECRET, TIME, CanonicalRequest.of(request, List.of(signedHeaders)));
  }

  private static AwsRequest request(
      String method, String query, Map<String, List<String>> headers, String body) {
    var all = new HashMap<String, List<String>>();
    all.put("host", List.of("example.amazonaws.com"));
    all.put("x-amz-date", List.of(TIME));
    all.putAll(headers);
    return new AwsRequest(method, "/", query, all, body.getBytes(UTF_8), "127.0.0.1");
  }
}
