package dev.partywall.attack;

import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * One way to try to reach a neighbour by a tenant's own DynamoDB client, without any lock but its
 * credentials.
 *
 * @param kind its name in the figures
 */
record Prying(String kind, BiFunction<DynamoDbClient, Scene, Object> call) {}
