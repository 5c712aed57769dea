package dev.partywall.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a token lets its bearer do: the union of its scopes ({@code scope}, RFC 9068; {@code scp},
 * Entra) and its groups ({@code cognito:groups}, {@code groups}, {@code roles}).
 */
final class Rights {
  private static final List<String> GROUPS = List.of("cognito:groups", "groups", "roles");

  private Rights() {}

  /**
   * Reads them.
   *
   * @throws RejectedToken when one of the claims is of another type than it may be
   */
  static Set<String> of(Claims claims) {
    var rights = new HashSet<String>();
    claims.text("scope").ifPresent(scopes -> addScopes(rights, scopes));
    claims.texts("scp").forEach(scopes -> addScopes(rights, scopes));
    // A group's name is taken whole: it may hold spaces and slashes, which mean nothing in it.
    GROUPS.forEach(group -> rights.addAll(claims.texts(group)));
    return Set.copyOf(rights);
  }

  /**
   * Scopes, divided by single spaces (RFC 6749, section 3.3). One that names its resource server
   * ({@code orders-api/orders:read}, {@code api://orders/orders:read}) grants what stands behind
   * the last slash: the audience has been checked already.
   */
  private static void addScopes(Set<String> rights, String scopes) {
    for (var scope : scopes.split(" ", -1)) {
      if (!scope.isEmpty()) {
        rights.add(scope);
        rights.add(scope.substring(scope.lastIndexOf('/') + 1));
      }
    }
  }
}
