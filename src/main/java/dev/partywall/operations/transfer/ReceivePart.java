package dev.partywall.operations.transfer;

import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Sha256;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.tenants.TenantRoutes;
import dev.partywall.storage.content.ImportPart;
import dev.partywall.storage.content.ImportParts;
import dev.partywall.storage.content.OperationProgress;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code PUT /tenants/{id}/import/parts/{number}}. */
record ReceivePart(TenantRegistry registry, TenantOperations operations, ImportContext context)
    implements Handler {
  private static final int MAX_PART_BYTES = 8 << 20;

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,3}|10000");

  /**
   * Stores a part of the file, in constant memory. A repeated request has the same response, and
   * another content replaces the part.
   */
  @Override
  public Response handle(Request request) {
    var text = request.parameter("number");
    if (!NUMBER.matcher(text).matches()) {
      throw ApiException.notFound();
    }
    var expected = ContentDigest.sha256(request.headers());
    // No deletion of the tenant begins before the last write of this request.
    var generation = context.requests().begin();
    try {
      var tenant = TenantRoutes.find(registry, request);
      return TenantRoutes.forTenant(
          tenant, () -> receive(tenant, Integer.parseInt(text), expected, request));
    } finally {
      generation.end();
    }
  }

  private Response receive(TenantRecord tenant, int number, String expected, Request request) {
    var fence = context.progress().find(); // read first: it is not of a later operation
    var operation = requireOpen(tenant);
    var parts = context.parts();
    var former = parts.find(operation.id(), number);
    var isRepeated = former.filter(part -> part.sha256().equals(expected)).isPresent();
    var upload = UUID.randomUUID().toString();
    var stored = new Upload(parts, upload, number, isRepeated);
    try (var body = request.body().stream(MAX_PART_BYTES)) {
      stored.readAll(body);
      if (!stored.sha256().equals(expected)) {
        throw ContentDigest.mismatch();
      }
      if (!isRepeated) {
        requireSame(operation, requireOpen(tenant));
        complete(tenant, operation, stored, fence);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      // A completion without a response can have made these chunks those of the part.
      if (!stored.isResultUnknown) {
        parts.deleteChunks(upload, number, stored.chunks);
      }
      throw e;
    }
    former
        .filter(_ -> !isRepeated)
        .ifPresent(part -> parts.deleteChunks(part.upload(), number, part.chunks()));
    noteActivity(operation);
    var response = Response.json(200, "{\"part\":" + number + ",\"bytes\":" + stored.bytes + "}");
    return isRepeated ? response.asReplay() : response;
  }

  private void complete(
      TenantRecord tenant, Operation operation, Upload stored, Optional<OperationProgress> fence) {
    var part = stored.part(operation.id());
    stored.isResultUnknown = true;
    if (!stored.parts.complete(part, fence)) {
      stored.isResultUnknown = false;
      throw completing();
    }
    if (isCancelled(tenant, operation)) {
      stored.parts.remove(part);
      stored.isResultUnknown = false;
      throw ImportRoutes.notOpen();
    }
  }

  /** A part that was accepted after the end of the cancellation would remain. */
  private boolean isCancelled(TenantRecord tenant, Operation operation) {
    return operations
        .find(tenant.id())
        .filter(found -> found.id().equals(operation.id()))
        .filter(found -> !ImportState.isCancelled(found))
        .isEmpty();
  }

  private Operation requireOpen(TenantRecord tenant) {
    var operation =
        operations
            .find(tenant.id())
            .filter(ImportRoutes::isImport)
            .orElseThrow(ImportRoutes::notOpen);
    if (!operation.state().equals(ImportState.RECEIVING)) {
      throw completing();
    }
    return operation;
  }

  private static void requireSame(Operation begun, Operation open) {
    if (!open.id().equals(begun.id())) {
      throw ImportRoutes.notOpen();
    }
  }

  private static ApiException completing() {
    return ImportRoutes.conflict(
        "import-completing", "The import is being completed or cancelled.");
  }

  /** Concurrent parts overwrite the times of each other, which differ by seconds. */
  private void noteActivity(Operation operation) {
    var _ =
        operations
            .store()
            .update(operation, operation.with(ImportState.PART_AT, context.now().toString()));
  }

  /** The chunks of one request. */
  private final class Upload {
    private final ImportParts parts;
    private final String upload;
    private final int number;
    private final boolean isRepeated;
    private final MessageDigest digest = Sha256.digest();
    private String sha256 = "";
    private int chunks;
    private long bytes;
    private boolean isResultUnknown;

    Upload(ImportParts parts, String upload, int number, boolean isRepeated) {
      this.parts = parts;
      this.upload = upload;
      this.number = number;
      this.isRepeated = isRepeated;
    }

    /** Stores the chunks, unless the part is stored already. */
    void readAll(InputStream body) throws IOException {
      for (var chunk = body.readNBytes(ImportParts.CHUNK_BYTES);
          chunk.length > 0;
          chunk = body.readNBytes(ImportParts.CHUNK_BYTES)) {
        digest.update(chunk);
        bytes += chunk.length;
        if (!isRepeated) {
          put(chunks++, chunk);
        }
      }
      sha256 = Base64.getEncoder().encodeToString(digest.digest());
    }

    private void put(int index, byte[] chunk) {
      context.calls().run(() -> parts.putChunk(upload, number, index, chunk));
    }

    String sha256() {
      return sha256;
    }

    ImportPart part(String operation) {
      return new ImportPart(operation, number, sha256, bytes, chunks, upload);
    }
  }
}
