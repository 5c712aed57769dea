package dev.partywall.http.filters;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.partywall.error.ApiError;
import dev.partywall.http.Headers;
import dev.partywall.http.Response;
import dev.partywall.http.TokenRedaction;
import dev.partywall.json.Json;
import java.io.IOException;
import java.util.List;

/**
 * Problem details (RFC 9457).
 *
 * @param type a stable URI reference, or {@code about:blank} if the status is specific enough
 * @param headers the header fields that the status requires
 * @param errors the faults of the body or of the query parameters, with their positions
 * @param violatedPolicies the quota policies of draft-ietf-httpapi-ratelimit-headers
 */
record ProblemDetails(
    int status,
    String type,
    String title,
    String detail,
    Headers headers,
    List<ErrorEntry> errors,
    List<String> violatedPolicies) {
  private static final int MAX_TEXT_LENGTH = 300;
  private static final int MAX_ERRORS = 100;

  /**
   * An entry of {@code errors}.
   *
   * @param member the name of the member that contains the position
   */
  record ErrorEntry(String member, String position, String detail) {}

  static ProblemDetails of(int status, String type, String title, String detail) {
    return new ProblemDetails(status, type, title, detail, Headers.NONE, List.of(), List.of());
  }

  /** Returns problem details of type {@code about:blank}. */
  static ProblemDetails of(int status, String title, String detail) {
    return of(status, "about:blank", title, detail);
  }

  /** Returns problem details of a registered type, with the violated quota policies. */
  static ProblemDetails quota(
      String type, String title, String detail, List<String> violatedPolicies) {
    return new ProblemDetails(429, type, title, detail, Headers.NONE, List.of(), violatedPolicies);
  }

  ProblemDetails with(List<ApiError.Fault> faults) {
    return withErrors(
        faults.stream()
            .map(fault -> new ErrorEntry("pointer", fault.pointer(), fault.detail()))
            .toList());
  }

  ProblemDetails withParameterFaults(List<ApiError.ParameterFault> faults) {
    return withErrors(
        faults.stream()
            .map(fault -> new ErrorEntry("parameter", fault.parameter(), fault.detail()))
            .toList());
  }

  private ProblemDetails withErrors(List<ErrorEntry> entries) {
    return new ProblemDetails(status, type, title, detail, headers, entries, violatedPolicies);
  }

  ProblemDetails with(String name, String value) {
    return new ProblemDetails(
        status, type, title, detail, headers.with(name, value), errors, violatedPolicies);
  }

  /** Returns the problem+json response. */
  Response response(String instance, String traceId) {
    var body = Json.write(out -> write(out, instance, traceId));
    var response = Response.of(status, "application/problem+json", body);
    for (var field : headers.fields()) {
      response = response.with(field.name(), field.value());
    }
    return response;
  }

  private void write(JsonGenerator out, String instance, String traceId) throws IOException {
    out.writeStartObject();
    out.writeStringField("type", type);
    out.writeStringField("title", title);
    out.writeNumberField("status", status);
    out.writeStringField("detail", clip(detail));
    out.writeStringField("instance", clip(instance));
    out.writeStringField("traceId", traceId);
    writeErrors(out);
    writePolicies(out);
    out.writeEndObject();
  }

  private void writeErrors(JsonGenerator out) throws IOException {
    if (errors.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("errors");
    for (var error : errors.subList(0, Math.min(errors.size(), MAX_ERRORS))) {
      writeError(error, out);
    }
    out.writeEndArray();
  }

  private static void writeError(ErrorEntry error, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField(error.member(), clip(error.position()));
    out.writeStringField("detail", clip(error.detail()));
    out.writeEndObject();
  }

  private void writePolicies(JsonGenerator out) throws IOException {
    if (violatedPolicies.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("violated-policies");
    for (var policy : violatedPolicies) {
      out.writeString(policy);
    }
    out.writeEndArray();
  }

  /**
   * Redacts tokens and truncates the text, because it may quote the request. Never splits a
   * surrogate pair.
   */
  static String clip(String text) {
    var redacted = TokenRedaction.redact(text);
    if (redacted.length() <= MAX_TEXT_LENGTH) {
      return redacted;
    }
    var splitsPair = Character.isHighSurrogate(redacted.charAt(MAX_TEXT_LENGTH - 1));
    return redacted.substring(0, splitsPair ? MAX_TEXT_LENGTH - 1 : MAX_TEXT_LENGTH);
  }
}
