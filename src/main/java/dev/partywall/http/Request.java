package dev.partywall.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, as a value. A filter that learns something about it hands on a copy.
 *
 * @param wireFault what is wrong with it as a message; it is refused once it can be logged
 * @param match what the router found
 * @param principal who is asking, once that is known
 */
public record Request(
    String method,
    Target target,
    Headers headers,
    Body body,
    Optional<String> wireFault,
    Match match,
    @Nullable Principal principal) {

  /** A request that came in well formed, before anything else is known about it. */
  public static Request of(String method, Target target, Headers headers, Body body) {
    return new Request(method, target, headers, body, Optional.empty(), new Match.Nothing(), null);
  }

  /** This request, which the router found that for. */
  public Request with(Match found) {
    return new Request(method, target, headers, body, wireFault, found, principal);
  }

  /** This request, of which we know now who is asking. */
  public Request with(Principal asking) {
    return new Request(method, target, headers, body, wireFault, match, asking);
  }

  /** This request, with its body read by way of another. */
  public Request with(Body other) {
    return new Request(method, target, headers, other, wireFault, match, principal);
  }

  /**
   * Who is asking.
   *
   * @throws IllegalStateException on a route that is open
   */
  public Principal caller() {
    if (principal == null) {
      throw new IllegalStateException("nobody has been authenticated for this request");
    }
    return principal;
  }

  /**
   * The body, which has to be JSON and to say so.
   *
   * @throws Refused as {@link Refusal.UnsupportedMediaType} when the header promises something
   *     else, {@link Refusal.Malformed} when the body breaks the promise, and as {@link Body#bytes}
   *     says
   */
  public JsonNode json() {
    if (!MediaType.isJson(headers)) {
      throw new Refused(new Refusal.UnsupportedMediaType());
    }
    return Json.parse(body.bytes());
  }

  /** What stands in the template's place of that name. */
  public String parameter(String name) {
    if (match instanceof Match.Found(_, var parameters) && parameters.containsKey(name)) {
      return parameters.get(name);
    }
    throw new IllegalArgumentException("the route has no parameter " + name);
  }

  /**
   * A query parameter's only value.
   *
   * @throws Refused when it was given twice
   */
  public Optional<String> query(String name) {
    var values = target.query().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new Refused(new Refusal.Malformed("the parameter " + name + " is given twice"));
    }
    return values.stream().findFirst();
  }
}
