package dev.partywall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable request. A filter that adds information passes a copy to the next one.
 *
 * @param waited the time for which the request waited for a processor before it was read. It is a
 *     part of the time that the request may take
 * @param violatedRule the syntax rule of HTTP that the request violates, if any; {@link
 *     dev.partywall.http.filters.RejectMalformed} then rejects the request
 * @param match the result of the router
 * @param subject the subject of the token; null until the request is authenticated
 * @param operatorIssuer the issuer of an operator's token; empty for a tenant's user
 */
public record Request(
    String method,
    RequestTarget target,
    Headers headers,
    Body body,
    Duration waited,
    Optional<String> violatedRule,
    Match match,
    @Nullable String subject,
    Optional<String> operatorIssuer) {

  /** Returns a well-formed request, not yet routed or authenticated. */
  public static Request of(String method, RequestTarget target, Headers headers, Body body) {
    return new Request(
        method,
        target,
        headers,
        body,
        Duration.ZERO,
        Optional.empty(),
        new Match.NoMatch(),
        /* subject= */ null,
        /* operatorIssuer= */ Optional.empty());
  }

  /** Returns a copy with this result of the router. */
  public Request with(Match result) {
    return new Request(
        method, target, headers, body, waited, violatedRule, result, subject, operatorIssuer);
  }

  /** Returns a copy with the subject of the verified token of a tenant's user. */
  public Request withSubject(String authenticated) {
    return with(authenticated, Optional.empty());
  }

  /** Returns a copy with the subject and the issuer of an operator's verified token. */
  public Request withOperator(String authenticated, String issuer) {
    return with(authenticated, Optional.of(issuer));
  }

  private Request with(String authenticated, Optional<String> issuer) {
    return new Request(
        method, target, headers, body, waited, violatedRule, match, authenticated, issuer);
  }

  /** Returns a copy with this body. */
  public Request with(Body replacement) {
    return new Request(
        method, target, headers, replacement, waited, violatedRule, match, subject, operatorIssuer);
  }

  /**
   * Returns the subject of the verified token.
   *
   * @throws IllegalStateException if the request is not authenticated, as on a route that requires
   *     no token
   */
  @Override
  public String subject() {
    if (subject == null) {
      throw new IllegalStateException("the request is not authenticated");
    }
    return subject;
  }

  /**
   * Parses the body as JSON.
   *
   * @throws ApiException as {@link ApiError.UnsupportedMediaType} if the Content-Type is not JSON,
   *     as {@link ApiError.Malformed} if the body is not valid JSON, and as in {@link Body#bytes}
   */
  public JsonNode json() {
    return json("application/json");
  }

  /**
   * Parses the body as JSON of another media type, such as {@code application/merge-patch+json}.
   *
   * @param mediaType the required media type, in lower case
   * @throws ApiException as in {@link #json()}
   */
  public JsonNode json(String mediaType) {
    if (!MediaType.isJson(headers, mediaType)) {
      throw new ApiException(new ApiError.UnsupportedMediaType(mediaType));
    }
    try {
      var value = Json.parse(body.bytes());
      body.parsedAsJson();
      return value;
    } catch (MalformedJsonException e) {
      throw new ApiException(new ApiError.Malformed(e.sentence("The request body")), e);
    }
  }

  /**
   * Parses the body as JSON, and rejects an object with any other member: a misspelt name must not
   * be silently ignored.
   *
   * @throws ApiException as in {@link #json()}, and as {@link ApiError.Malformed} if it has another
   *     member
   */
  public JsonNode jsonWithOnly(String... members) {
    var body = json();
    JsonChecks.rejectUnknown(body, "", Set.of(members));
    return body;
  }

  /**
   * Returns the value of a path parameter.
   *
   * @throws IllegalArgumentException if the route has no such parameter
   */
  public String parameter(String name) {
    if (match instanceof Match.Found(_, var parameters) && parameters.containsKey(name)) {
      return parameters.get(name);
    }
    throw new IllegalArgumentException("the route has no parameter " + name);
  }

  /**
   * Returns the value of a query parameter.
   *
   * @throws ApiException as {@link ApiError.Malformed} if the parameter is repeated
   */
  public Optional<String> query(String name) {
    var values = target.query().getOrDefault(name, List.of());
    // The router rejects repeated parameters together. A handler without router needs this check.
    if (values.size() > 1) {
      throw new ApiException(ApiError.Malformed.of(List.of(repeated(name))));
    }
    return values.stream().findFirst();
  }

  /**
   * Rejects a repeated query parameter and one that is not among {@code known}: a misspelt filter
   * must not be silently ignored.
   *
   * @throws ApiException as {@link ApiError.Malformed} with all faults
   */
  void requireQuery(Set<String> known) {
    if (target.query().isEmpty()) {
      return;
    }
    var faults = new ArrayList<ApiError.ParameterFault>();
    target
        .query()
        .forEach((name, values) -> {
          if (!known.contains(name)) {
            faults.add(new ApiError.ParameterFault(name, "is unknown"));
          } else if (values.size() > 1) {
            faults.add(repeated(name));
          }
        });
    if (!faults.isEmpty()) {
      throw new ApiException(ApiError.Malformed.of(faults));
    }
  }

  private static ApiError.ParameterFault repeated(String name) {
    return new ApiError.ParameterFault(name, "is repeated");
  }

  /** Recognises JSON bodies by their header fields (RFC 9110, sections 8.3 and 8.4). */
  private static final class MediaType {
    private MediaType() {}

    /** Returns whether these fields declare uncompressed JSON of this type in UTF-8. */
    static boolean isJson(Headers headers, String required) {
      var type = headers.first("Content-Type").orElse("");
      return headers.joined("Content-Encoding").stream().allMatch(MediaType::isUncompressed)
          && (type.equals(required) || isUtf8Json(type, required));
    }

    private static boolean isUncompressed(String codings) {
      return FieldSyntax.split(codings, ',').stream()
          .allMatch(coding -> coding.isEmpty() || coding.equalsIgnoreCase("identity"));
    }

    private static boolean isUtf8Json(String type, String required) {
      var parts = FieldSyntax.split(type, ';');
      return parts.getFirst().equalsIgnoreCase(required)
          && parts.stream().skip(1).allMatch(MediaType::isUtf8OrUnrelated);
    }

    /** White space around the equals sign is invalid, and never makes a charset unrelated. */
    private static boolean isUtf8OrUnrelated(String parameter) {
      var parts = parameter.split("=", 2);
      return !parts[0].strip().equalsIgnoreCase("charset")
          || (parts.length == 2 && FieldSyntax.unquoted(parts[1]).equalsIgnoreCase("utf-8"));
    }
  }
}
