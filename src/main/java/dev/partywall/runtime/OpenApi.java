package dev.partywall.runtime;

import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Serves the API description in OpenAPI 3.1 at {@code GET /openapi.json}. */
public final class OpenApi {
  private static final String RESOURCE = "/openapi.json";

  private OpenApi() {}

  /**
   * Returns the route, which is open.
   *
   * @throws UncheckedIOException if the description is missing in the jar
   */
  public static Route route() {
    var description = description();
    return Route.open("GET", "/openapi.json", _ -> Response.json(200, description));
  }

  private static byte[] description() {
    try (var in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("missing resource " + RESOURCE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
