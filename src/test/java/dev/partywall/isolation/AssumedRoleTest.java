package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.isolation.StubAws.StubAwsResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

class AssumedRoleTest {
  private static final RoleArn ROLE = new RoleArn("arn:aws:iam::123456789012:role/provisioner");

  @AutoClose private final StubAws aws = new StubAws(_ -> new StubAwsResponse(200, "text/xml", ""));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
            + "<AssumeRoleResult/></AssumeRoleResponse>"
      })
  void aResponseWithoutCredentialsIsAFailureOfTheClient(String body) {
    aws.responder = _ -> new StubAwsResponse(200, "text/xml", body);
    try (var sts =
            StsClients.builder()
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(aws.endpoint())
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIASERVICE", "secret")))
                .build();
        var role = new AssumedRole(sts, ROLE, "test")) {
      var failure = assertThrows(SdkClientException.class, role::resolveCredentials);
      assertEquals(
          "STS returned no credentials for arn:aws:iam::123456789012:role/provisioner",
          failure.getMessage());
    }
  }
}
