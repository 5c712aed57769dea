package dev.partywall.isolation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An IAM policy. This class is the only one that renders policies as JSON.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar
 *     of the policy language</a>
 */
public record Policy(List<Statement> statements) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Copies the list, which makes the record immutable. */
  public Policy {
    statements = List.copyOf(statements);
  }

  /** Returns the policy document without spaces, because STS counts characters. */
  public String json() {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("Version", "2012-10-17");
      json.writeArrayFieldStart("Statement");
      for (var statement : statements) {
        write(statement, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to a string failed", e);
    }
    return text.toString();
  }

  private static void write(Statement statement, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("Effect", statement.effect().id());
    write("Action", statement.actions().stream().map(Action::id).toList(), json);
    write("Resource", statement.resources().stream().map(Resource::arn).toList(), json);
    json.writeObjectFieldStart("Condition");
    for (var condition : statement.conditions()) {
      json.writeObjectFieldStart(condition.operator().id());
      write(condition.key(), condition.values().stream().map(Literal::value).toList(), json);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(String name, List<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (var value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
