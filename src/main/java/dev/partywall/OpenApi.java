package dev.partywall;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;

/** {@code GET /openapi.json}: what can be asked here, in the words of OpenAPI 3.1. */
public final class OpenApi {
  private static final String RESOURCE = "/openapi.json";

  private OpenApi() {}

  /**
   * The route, which anybody may use.
   *
   * @throws UncheckedIOException when the description is not in the jar
   */
  public static Route route() {
    var description = description();
    return Route.open("GET", "/openapi.json", _ -> Response.json(200, description));
  }

  private static byte[] description() {
    try (var in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("there is no resource " + RESOURCE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
