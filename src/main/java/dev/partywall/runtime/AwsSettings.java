package dev.partywall.runtime;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * The configuration of the AWS SDK that the variables contain. The SDK itself reads only the
 * environment of the process, which is not the configuration of a service that a test starts.
 *
 * <p>The SDK determines everything that is absent.
 */
public record AwsSettings(
    Optional<Region> region,
    Optional<URI> dynamoEndpoint,
    Optional<URI> stsEndpoint,
    Optional<AwsCredentials> credentials) {
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]+");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** Leaves everything to the SDK. */
  static final AwsSettings NONE =
      new AwsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Reads the variables, with the SDK's names and precedence. */
  static AwsSettings from(Environment env) {
    return new AwsSettings(
        region(env),
        endpoint(env, "AWS_ENDPOINT_URL_DYNAMODB"),
        endpoint(env, "AWS_ENDPOINT_URL_STS"),
        credentials(env));
  }

  private static Optional<Region> region(Environment env) {
    return env.parsed("AWS_REGION", AwsSettings::regionOf);
  }

  private static Region regionOf(String value) {
    if (!REGION.matcher(value).matches()) {
      throw new IllegalArgumentException("must be the name of a region: " + value);
    }
    return Region.of(value);
  }

  private static Optional<URI> endpoint(Environment env, String name) {
    if (env.flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
      return Optional.empty();
    }
    var variable = env.optional(name).isPresent() ? name : "AWS_ENDPOINT_URL";
    return env.parsed(variable, AwsSettings::urlOf);
  }

  private static URI urlOf(String value) {
    var url = URI.create(value);
    var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "must be an http or https URL with a valid host name: " + value);
    }
    return url;
  }

  private static Optional<AwsCredentials> credentials(Environment env) {
    var id = env.optional("AWS_ACCESS_KEY_ID");
    var secret = env.optional("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    return env.optional("AWS_SESSION_TOKEN")
        .<AwsCredentials>map(token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
        .or(() -> Optional.of(AwsBasicCredentials.create(id.get(), secret.get())));
  }

  /** Configures a client of a service with this endpoint. */
  void configure(AwsClientBuilder<?, ?> client, Optional<URI> endpoint) {
    region.ifPresent(client::region);
    endpoint.ifPresent(client::endpointOverride);
    credentials.map(StaticCredentialsProvider::create).ifPresent(client::credentialsProvider);
  }
}
