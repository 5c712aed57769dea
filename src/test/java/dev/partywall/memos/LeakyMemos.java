package dev.partywall.memos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.tenancy.TenantContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A product that stores its items in this process and has, on request, one fault. */
public final class LeakyMemos {
  /** The faults. */
  public enum Leak {
    NONE,
    READS_ITEMS_OF_ALL,
    LISTS_ITEMS_OF_ALL,
    REPLACES_ITEMS_OF_ALL,
    DELETES_ITEMS_OF_ALL,
    NAMES_THE_ID_OF_A_DUPLICATE,
    NAMES_A_TEXT_IN_A_HEADER,
    ESCAPES_A_TEXT_IN_AN_ERROR,
    REVEALS_EXISTENCE_BY_STATUS,
    REVEALS_EXISTENCE_BY_TEXT,
    REVEALS_EXISTENCE_BY_HEADER,
    ACCEPTS_CURSORS_OF_ALL,
    REPLAYS_RESPONSES_OF_ALL
  }

  private record Memo(String owner, String text) {
    boolean isOwn() {
      return owner.equals(TenantContext.current().id().value());
    }
  }

  private final Map<String, Memo> memos = new ConcurrentSkipListMap<>();
  private final Map<String, Response> replays = new ConcurrentHashMap<>();
  private volatile Leak leak = Leak.NONE;
  private volatile @Nullable Kernel kernel;

  /** Declares the capability. */
  public Offering of(Kernel given) {
    kernel = given;
    return Offering.of(
        "memos",
        List.of(
            Route.of("GET", "/memos", "memos:read", this::list).withQuery("cursor"),
            Route.of("POST", "/memos", "memos:write", this::write),
            Route.of("GET", "/memos/{id}", "memos:read", this::read),
            Route.of("PUT", "/memos/{id}", "memos:write", this::replace),
            Route.of("DELETE", "/memos/{id}", "memos:write", this::delete),
            Route.operator("GET", "/all-memos", "memos:admin", this::list)));
  }

  /** Removes all items, and has this fault from now on. */
  public void become(Leak other) {
    memos.clear();
    replays.clear();
    leak = other;
  }

  private Response list(Request request) {
    var page = JsonNodeFactory.instance.objectNode();
    var list = page.putArray("memos");
    var all = leak == Leak.LISTS_ITEMS_OF_ALL || isForeignCursor(request);
    memos.forEach((id, memo) -> {
      if (all || memo.isOwn()) {
        list.addObject().put("id", id).put("text", memo.text).put("state", "active");
      }
    });
    page.put("next", "cursor-of-" + TenantContext.current().id().value());
    var response = Response.json(200, page);
    return leak == Leak.NAMES_A_TEXT_IN_A_HEADER
        ? response.with(
            "X-Texts", String.join(", ", memos.values().stream().map(Memo::text).toList()))
        : response;
  }

  private boolean isForeignCursor(Request request) {
    return leak == Leak.ACCEPTS_CURSORS_OF_ALL && request.query("cursor").isPresent();
  }

  private Response write(Request request) {
    var key = request.headers().first("Idempotency-Key");
    return leak == Leak.REPLAYS_RESPONSES_OF_ALL && key.isPresent()
        ? replays.computeIfAbsent(key.get(), _ -> create(request))
        : create(request);
  }

  private Response create(Request request) {
    var text = text(request);
    if (leak == Leak.NAMES_THE_ID_OF_A_DUPLICATE) {
      rejectDuplicate(text);
    }
    var id = Objects.requireNonNull(kernel).ids().next(Instant.EPOCH);
    memos.put(id, new Memo(TenantContext.current().id().value(), text));
    return Response.json(201, content(id)).with("Location", "/memos/" + id);
  }

  private void rejectDuplicate(String text) {
    memos.forEach((id, memo) -> {
      if (memo.text.equals(text)) {
        throw new ApiException(new ApiError.Conflict("duplicate", "The same text is in " + id));
      }
    });
  }

  private Response read(Request request) {
    if (leak == Leak.REVEALS_EXISTENCE_BY_HEADER) {
      return readWithHeader(request.parameter("id"));
    }
    var id = find(request, leak == Leak.READS_ITEMS_OF_ALL);
    return Response.json(200, content(id));
  }

  private Response readWithHeader(String id) {
    var memo = memos.get(id);
    if (memo != null && memo.isOwn()) {
      return Response.json(200, content(id));
    }
    return memo == null ? Response.of(404) : Response.of(404).with("X-Owner", "other");
  }

  private Response replace(Request request) {
    var text = text(request);
    var id = request.parameter("id");
    var memo = memos.get(id);
    if (leak == Leak.REPLACES_ITEMS_OF_ALL && memo != null) {
      memos.put(id, new Memo(memo.owner, text + "!"));
    }
    memos.put(find(request, false), new Memo(TenantContext.current().id().value(), text));
    return Response.json(200, content(id));
  }

  private Response delete(Request request) {
    if (leak == Leak.DELETES_ITEMS_OF_ALL) {
      memos.remove(request.parameter("id"));
    } else {
      memos.remove(find(request, false));
    }
    return Response.of(204);
  }

  /** Returns the id in the path if the item is the tenant's, or if all items are accessible. */
  private String find(Request request, boolean all) {
    var id = request.parameter("id");
    var memo = memos.get(id);
    if (memo == null || !(all || memo.isOwn())) {
      throw new ApiException(absent(memo != null, memo == null ? "" : memo.text));
    }
    return id;
  }

  private ApiError absent(boolean exists, String text) {
    return switch (leak) {
      case REVEALS_EXISTENCE_BY_STATUS ->
          exists
              ? new ApiError.Forbidden(ApiError.Forbidden.Reason.TENANT_MISMATCH)
              : new ApiError.NotFound();
      case REVEALS_EXISTENCE_BY_TEXT ->
          new ApiError.Conflict("absent", exists ? "of another tenant" : "does not exist");
      case ESCAPES_A_TEXT_IN_AN_ERROR -> new ApiError.Conflict("absent", "not \"" + text + "\"");
      default -> new ApiError.NotFound();
    };
  }

  private JsonNode content(String id) {
    return JsonNodeFactory.instance.objectNode().put("id", id).put("text", memos.get(id).text);
  }

  private static String text(Request request) {
    return request.json().path("text").asText();
  }
}
