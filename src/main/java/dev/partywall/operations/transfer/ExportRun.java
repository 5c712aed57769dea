package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.ResponseStream;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.transfer.ExportSources.Source;
import dev.partywall.storage.content.ContentReader;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running export with everything that it occupies. One thread uses it. */
final class ExportRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExportRun.class);

  private final Source source;
  private final ExportOperation operation;
  private final Runnable release;
  private final Export export;
  private Optional<String> failure = Optional.empty();
  private boolean closed;

  /**
   * Creates a run.
   *
   * @param release is called once, at the end
   */
  ExportRun(
      ExportFormat.Header header,
      Source source,
      ExportOperation operation,
      OperationPace pace,
      LongSupplier nanoTime,
      Runnable release) {
    this.source = source;
    this.operation = operation;
    this.release = release;
    var done = new AtomicLong();
    var reader =
        new ContentReader(
            source.client(), source.location(), new ExportPace(pace, operation, done, nanoTime));
    this.export = new Export(header, reader, done, this::end);
  }

  /** Writes the export with the tenant bound. */
  void write(Tenant tenant, ResponseStream out) throws IOException {
    try {
      Execution.current()
          .orElseThrow()
          .callForTenant(
              tenant,
              () -> {
                export.write(out);
                return out;
              });
    } catch (ApiException e) {
      failure = Optional.of(reason(e.error()));
      throw e;
    } catch (RuntimeException | Error e) {
      failure = Optional.of("An internal error occurred.");
      throw e;
    } finally {
      close();
    }
  }

  private static String reason(ApiError error) {
    return switch (error) {
      case ApiError.Conflict(_, var detail) -> detail;
      case ApiError.Unavailable(var detail, _) -> detail;
      default -> "The request was rejected.";
    };
  }

  /**
   * Ends the operation before the last line is sent. After the last line, the client can begin the
   * next operation at once.
   */
  private void end() {
    operation.end();
    free();
  }

  /** Returns the reason of the failure, if the export has failed before all items were read. */
  Optional<String> failure() {
    return failure;
  }

  /** Returns the number of items of each collection until now. */
  Map<String, Long> counts() {
    return export.counts();
  }

  /** Releases everything. Has no effect after the end. */
  @Override
  public void close() {
    try {
      operation.end();
    } catch (ApiException e) {
      // The operation was cancelled, or another instance ends it when its lease has expired.
      LOG.debug("The operation of the export has ended already: {}", e.toString());
    } finally {
      free();
    }
  }

  private void free() {
    if (!closed) {
      closed = true;
      source.close().run();
      release.run();
    }
  }
}
