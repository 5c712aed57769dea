package dev.partywall.observability;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Match;
import dev.partywall.http.Quoted;
import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.RequestScope;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Notes who did what to which thing, for every change that was made and for everybody who was
 * refused; so that no business code has to. It stands inside of the door that turns refusals into
 * answers, and outside of all that refuse.
 */
public final class Audit implements Filter {
  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final int LONGEST_THING = 256;

  private final AuditTrail trail;

  /** Notes on that trail. */
  public Audit(AuditTrail trail) {
    this.trail = trail;
  }

  /**
   * Asks {@code next}, and notes what became of it.
   *
   * @throws Refused as {@link Refusal.Unavailable} for a change that could not be noted
   */
  @Override
  public Response filter(Request request, Handler next) {
    if (isChange(request)) {
      trail.requireRoom();
    }
    try {
      var response = next.handle(request);
      note(request, response);
      return response;
    } catch (Refused e) {
      reason(e.refusal())
          .ifPresent(reason -> trail.refused(action(request), thing(request), reason));
      if (e.refusal() instanceof Refusal.Unavailable) {
        noteUnknown(request);
      }
      throw e;
    } catch (RuntimeException e) {
      noteUnknown(request);
      throw e;
    }
  }

  /** It may have been made all the same. Before a caller is known, nothing has been. */
  private void noteUnknown(Request request) {
    if (isChange(request) && RequestScope.current().flatMap(RequestScope::caller).isPresent()) {
      trail.unknown(action(request), thing(request));
    }
  }

  private void note(Request request, Response response) {
    var status = response.status();
    if (status == 401 || status == 403) {
      trail.refused(action(request), thing(request), "status-" + status);
    } else if (isChange(request) && status >= 200 && status < 300) {
      var thing = response.headers().first("Location").orElse(thing(request));
      if (response.repeated()) {
        trail.repeated(action(request), thing, status);
      } else {
        trail.done(action(request), thing, status);
      }
    }
  }

  private static boolean isChange(Request request) {
    return CHANGES.contains(request.method()) && request.match() instanceof Match.Found;
  }

  private static Optional<String> reason(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Unauthenticated _ -> Optional.of("unauthenticated");
      case Refusal.Forbidden(var reason) ->
          Optional.of(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      default -> Optional.empty();
    };
  }

  private static String action(Request request) {
    return Routes.method(request) + " " + Routes.template(request);
  }

  private static String thing(Request request) {
    var path = Quoted.of(request.target().path());
    return path.length() > LONGEST_THING ? path.substring(0, LONGEST_THING) : path;
  }
}
