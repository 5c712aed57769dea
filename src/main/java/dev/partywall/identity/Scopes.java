package dev.partywall.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The scopes that a token grants: the union of its scopes ({@code scope}, RFC 9068; {@code scp},
 * Entra) and its groups ({@code cognito:groups}, {@code groups}, {@code roles}).
 */
final class Scopes {
  private static final List<String> GROUP_CLAIMS = List.of("cognito:groups", "groups", "roles");

  private Scopes() {}

  /**
   * Returns the granted scopes.
   *
   * @throws TokenRejectedException if one of the claims has the wrong type
   */
  static Set<String> of(Claims claims) {
    var granted = new HashSet<String>();
    claims.text("scope").ifPresent(scopes -> addScopes(granted, scopes));
    claims.texts("scp").forEach(scopes -> addScopes(granted, scopes));
    // Group names are not split: their spaces and slashes have no meaning.
    GROUP_CLAIMS.forEach(claim -> granted.addAll(claims.texts(claim)));
    return Set.copyOf(granted);
  }

  /**
   * Adds scopes, separated by single spaces (RFC 6749, section 3.3). A scope that names its
   * resource server ({@code orders-api/orders:read}, {@code api://orders/orders:read}) also grants
   * the scope after the last slash. This is safe because the audience is checked before.
   */
  private static void addScopes(Set<String> granted, String scopes) {
    for (var scope : scopes.split(" ", -1)) {
      if (!scope.isEmpty()) {
        granted.add(scope);
        granted.add(scope.substring(scope.lastIndexOf('/') + 1));
      }
    }
  }
}
