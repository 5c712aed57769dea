package dev.partywall.local;

import java.nio.file.Path;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The sample data of a service, and the commands that show it. */
public interface SampleData {
  /** No sample data. */
  SampleData NONE = new NoSamples();

  /**
   * The new tables of the local stack.
   *
   * @param engine a client that bypasses the local IAM enforcer
   * @param prefix the prefix of the table names
   * @param service the name of the service
   * @param folder for temporary files
   */
  record LocalTables(DynamoDbClient engine, String prefix, String service, Path folder) {}

  /** Creates the data, before the service starts. */
  void create(LocalTables tables) throws Exception;

  /**
   * Returns shell commands to try, indented by two spaces, with sentences in between that are not
   * indented. The variable {@code TOKEN} contains a token of the tenant {@code acme}.
   *
   * @param issuer the URL of the issuer
   * @param url the URL of the service
   */
  String commands(String issuer, String url);

  /** Tables without items. */
  final class NoSamples implements SampleData {
    private NoSamples() {}

    @Override
    public void create(LocalTables tables) {}

    @Override
    public String commands(String issuer, String url) {
      return "";
    }
  }
}
