package dev.partywall.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/**
 * Problem details (RFC 9457).
 *
 * @param type a URI reference that never changes; {@code about:blank} where the status says it all
 * @param headers that the status asks for
 * @param errors what is wrong with which place of the body
 * @param violatedPolicies of draft-ietf-httpapi-ratelimit-headers
 */
record Problem(
    int status,
    String type,
    String title,
    String detail,
    Headers headers,
    List<Refusal.Fault> errors,
    List<String> violatedPolicies) {
  private static final String OURS = "https://partywall.dev/problems/";
  private static final int LONGEST = 300;
  private static final int MOST_ERRORS = 100;

  /** A problem of a type of our own. */
  static Problem of(int status, String slug, String title, String detail) {
    return new Problem(status, OURS + slug, title, detail, Headers.NONE, List.of(), List.of());
  }

  /** A problem of which the status says it all. */
  static Problem of(int status, String title, String detail) {
    return new Problem(status, "about:blank", title, detail, Headers.NONE, List.of(), List.of());
  }

  /** A problem of somebody else's type, with the policies that are used up. */
  static Problem quota(String type, String title, String detail, List<String> violatedPolicies) {
    return new Problem(429, type, title, detail, Headers.NONE, List.of(), violatedPolicies);
  }

  Problem with(List<Refusal.Fault> faults) {
    return new Problem(status, type, title, detail, headers, faults, violatedPolicies);
  }

  Problem with(String name, String value) {
    return new Problem(
        status, type, title, detail, headers.with(name, value), errors, violatedPolicies);
  }

  /** The answer that tells this. */
  Response response(String instance, String traceId) {
    var body = Json.write(out -> write(out, instance, traceId));
    var answer = Response.of(status, "application/problem+json", body);
    for (var field : headers.fields()) {
      answer = answer.with(field.name(), field.value());
    }
    return answer;
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
    for (var fault : errors.subList(0, Math.min(errors.size(), MOST_ERRORS))) {
      out.writeStartObject();
      out.writeStringField("pointer", clip(fault.pointer()));
      out.writeStringField("detail", clip(fault.detail()));
      out.writeEndObject();
    }
    out.writeEndArray();
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
   * What a caller sent may be quoted, but no token, not at any length, and never half a character.
   */
  private static String clip(String said) {
    var text = Quoted.of(said);
    if (text.length() <= LONGEST) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end);
  }
}
