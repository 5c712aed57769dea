package dev.partywall.operations.receipt;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.partywall.json.Json;
import dev.partywall.operations.receipt.DeletionResult.DeletedTable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Writes the payload of receipts. All times are RFC 3339 in UTC, with milliseconds. */
final class ReceiptJson {
  private ReceiptJson() {}

  /** Returns the UTF-8 encoding of the payload. */
  static byte[] write(Receipt receipt) {
    return Json.write(out -> write(receipt, out));
  }

  private static void write(Receipt receipt, JsonGenerator out) throws IOException {
    var deletion = receipt.deletion();
    out.writeStartObject();
    out.writeStringField("iss", Receipt.ISSUER);
    out.writeStringField("service", receipt.service());
    out.writeStringField("sub", receipt.tenant().value());
    out.writeNumberField("incarnation", receipt.incarnation());
    out.writeStringField("requestedBy", receipt.requestedBy());
    out.writeStringField("requestedAt", Json.time(receipt.requestedAt()));
    out.writeStringField("startedAt", Json.time(deletion.startedAt()));
    out.writeStringField("endedAt", Json.time(receipt.endedAt()));
    out.writeArrayFieldStart("tables");
    for (var table : deletion.tables()) {
      write(table, out);
    }
    out.writeEndArray();
    out.writeStringField("keysSha256", deletion.keysSha256());
    writeTimes(deletion.verifiedEmptyAt(), out);
    writeKept(receipt.kept(), out);
    out.writeEndObject();
  }

  private static void write(DeletedTable table, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", table.name());
    out.writeObjectFieldStart("collections");
    for (var collection : table.collections().entrySet()) {
      out.writeNumberField(collection.getKey(), collection.getValue());
    }
    out.writeEndObject();
    out.writeNumberField("expiring", table.expiring());
    out.writeEndObject();
  }

  private static void writeTimes(List<Instant> times, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("verifiedEmptyAt");
    for (var time : times) {
      out.writeString(Json.time(time));
    }
    out.writeEndArray();
  }

  private static void writeKept(List<KeptData> kept, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("kept");
    for (var data : kept) {
      out.writeStartObject();
      out.writeStringField("what", data.what());
      out.writeStringField("reason", data.reason());
      out.writeFieldName("until");
      if (data.until().isPresent()) {
        out.writeString(Json.time(data.until().get()));
      } else {
        out.writeNull();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
