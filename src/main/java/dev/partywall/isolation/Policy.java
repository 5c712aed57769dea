package dev.partywall.isolation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An IAM policy as a value. It becomes JSON here and nowhere else.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">The
 *     grammar of the policy language</a>
 */
public record Policy(List<Statement> statements) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Copies the list. */
  public Policy {
    statements = List.copyOf(statements);
  }

  /** The policy document, without a space in it: STS counts characters. */
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
      throw new UncheckedIOException("a string can't fail to be written to", e);
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
