package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** The names and the precedence are those of the AWS SDKs and Tools Reference Guide. */
class AwsSettingsTest {
  private static AwsSettings read(Map<String, String> variables) {
    return AwsSettings.from(new Environment(variables));
  }

  @Test
  void configuresAClientFromTheVariables() {
    var settings =
        read(
            Map.of(
                "AWS_REGION", "eu-west-1",
                "AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_SESSION_TOKEN", "token"));
    var builder = StsClient.builder();
    settings.configure(builder, settings.stsEndpoint());
    try (var client = builder.build()) {
      var configuration = client.serviceClientConfiguration();
      assertEquals(Region.EU_WEST_1, configuration.region());
      assertEquals(Optional.of(URI.create("http://127.0.0.1:1")), configuration.endpointOverride());
      assertEquals(
          AwsSessionCredentials.create("id", "secret", "token"),
          configuration.credentialsProvider().resolveIdentity().join());
    }
  }

  @Test
  void leavesAbsentVariablesToTheSdk() {
    var settings = read(Map.of("AWS_ACCESS_KEY_ID", "without a secret"));
    assertEquals(AwsSettings.NONE, settings);
    var builder = StsClient.builder().region(Region.EU_NORTH_1);
    settings.configure(builder, settings.stsEndpoint());
    try (var client = builder.build()) {
      var configuration = client.serviceClientConfiguration();
      assertEquals(Region.EU_NORTH_1, configuration.region());
      assertInstanceOf(DefaultCredentialsProvider.class, configuration.credentialsProvider());
    }
  }

  @Test
  void theEndpointOfAServicePrecedesTheGeneralOne() {
    var settings =
        read(
            Map.of("AWS_ENDPOINT_URL", "http://all", "AWS_ENDPOINT_URL_DYNAMODB", "http://dynamo"));
    assertEquals(Optional.of(URI.create("http://dynamo")), settings.dynamoEndpoint());
    assertEquals(Optional.of(URI.create("http://all")), settings.stsEndpoint());
  }

  @Test
  void ignoresEndpointsOnRequest() {
    var settings =
        read(
            Map.of(
                "AWS_ENDPOINT_URL", "http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"));
    assertEquals(AwsSettings.NONE, settings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"dynamo", "localhost:8000", "ftp://127.0.0.1", "http:/x", "http://a_b:8000"})
  void anEndpointIsAnHttpUrlWithAHost(String value) {
    var env = new Environment(Map.of("AWS_ENDPOINT_URL", value));
    assertEquals(Optional.empty(), AwsSettings.from(env).dynamoEndpoint());
    var fault = "AWS_ENDPOINT_URL: must be an http or https URL with a valid host name: " + value;
    assertEquals(List.of(fault), env.faults().lines());
  }

  @Test
  void aRegionIsAName() {
    var env = new Environment(Map.of("AWS_REGION", "eu central"));
    assertEquals(Optional.empty(), AwsSettings.from(env).region());
    assertEquals(
        List.of("AWS_REGION: must be the name of a region: eu central"), env.faults().lines());
  }

  @Test
  void reportsAnInvalidEndpoint() {
    var env = new Environment(Map.of("AWS_ENDPOINT_URL_STS", "a b"));
    AwsSettings.from(env);
    assertEquals(
        List.of("AWS_ENDPOINT_URL_STS: Illegal character in path at index 1: a b"),
        env.faults().lines());
  }
}
