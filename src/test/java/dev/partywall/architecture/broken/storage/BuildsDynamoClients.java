package dev.partywall.architecture.broken.storage;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Violates the rule that only {@code DynamoClients} builds DynamoDB clients. */
final class BuildsDynamoClients {
  private BuildsDynamoClients() {}

  static List<DynamoDbClient> clients() {
    return List.of(DynamoDbClient.builder().build(), DynamoDbClient.create());
  }
}
