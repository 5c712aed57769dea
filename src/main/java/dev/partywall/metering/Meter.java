package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.storage.CapacityListener;
import dev.partywall.tenancy.TenantContext;
import java.lang.ScopedValue.CallableOp;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each request uses, for the tenant that it is bound to, in the hour in which it came
 * in.
 *
 * <p>It is two doors on the corridor. {@link #requests} stands inside of the tenant's binding: what
 * comes by it is metered. {@link #answers} stands outside of where refusals become answers, since
 * those have bytes too; it knows nothing before the other door has said whose request it is.
 */
public final class Meter implements CapacityListener {
  private static final ScopedValue<Metered> METERED = ScopedValue.newInstance();

  private final Tallies tallies;
  private final LongSupplier nanoTime;

  /** What one request, or one piece of work, is metered by. */
  private static final class Metered {
    private @Nullable Tally tally;

    void by(Tally entered) {
      if (tally != null) {
        throw new IllegalStateException("this request is metered already");
      }
      tally = entered;
    }
  }

  Meter(Tallies tallies, LongSupplier nanoTime) {
    this.tallies = tallies;
    this.nanoTime = nanoTime;
  }

  /** The outer door: it meters the bytes of the answer, once the last one is out. */
  public Filter answers() {
    return this::answer;
  }

  /** The inner door: it meters all else, and has to stand inside of the outer one. */
  public Filter requests() {
    return this::request;
  }

  /** A call to DynamoDB was answered: the bound tenant's request pays for it. */
  @Override
  public void consumed(long readThousandths, long writeThousandths) {
    var tally = METERED.isBound() ? METERED.get().tally : null;
    if (tally != null) {
      tally.consumed(readThousandths, writeThousandths);
    } else if (TenantContext.isBound()) {
      var entered = tallies.enter(TenantContext.current().id());
      entered.consumed(readThousandths, writeThousandths);
      entered.leave();
    }
  }

  /**
   * Does work for a tenant that it shall not pay for, such as counting what it has to pay.
   *
   * @throws X whatever the work throws
   */
  static <T, X extends Throwable> T unmetered(CallableOp<? extends T, X> work) throws X {
    var metered = new Metered();
    metered.by(new Tally(TenantContext.current().id(), Instant.EPOCH));
    return ScopedValue.where(METERED, metered).call(work);
  }

  private Response answer(Request request, Handler next) {
    var metered = new Metered();
    Response response = null;
    try {
      response = ScopedValue.where(METERED, metered).call(() -> next.handle(request));
    } finally {
      if (response == null && metered.tally != null) {
        metered.tally.leave();
      }
    }
    var tally = metered.tally;
    return tally == null ? response : response.whenSent(sent -> end(tally, sent));
  }

  private static void end(Tally tally, Response.Sent sent) {
    tally.sent(sent.bytes());
    tally.leave();
  }

  private Response request(Request request, Handler next) {
    if (!TenantContext.isBound()) {
      return next.handle(request); // an open route, which is nobody's
    }
    if (!METERED.isBound()) {
      throw new IllegalStateException("the meter's outer door is missing on this corridor");
    }
    var tally = tallies.enter(TenantContext.current().id());
    METERED.get().by(tally);
    tally.request();
    var start = nanoTime.getAsLong();
    try {
      return next.handle(request.with(new Counted(request.body(), tally)));
    } finally {
      tally.busy(nanoTime.getAsLong() - start);
    }
  }

  /** Counts a body when it is read; one that nobody reads has cost nothing. */
  private static final class Counted implements Body {
    private final Body body;
    private final Tally tally;
    private boolean counted;

    Counted(Body body, Tally tally) {
      this.body = body;
      this.tally = tally;
    }

    @Override
    public boolean isHere() {
      return body.isHere();
    }

    @Override
    public byte[] bytes() {
      var bytes = body.bytes();
      if (!counted) {
        counted = true;
        tally.received(bytes.length);
      }
      return bytes;
    }
  }
}
