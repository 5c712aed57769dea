package dev.partywall.attack;

import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A DynamoDB call that attempts cross-tenant access with a tenant's own client. Only isolation
 * layer 2 protects the target.
 *
 * @param kind the name in the summary
 */
record CrossTenantCall(String kind, BiFunction<DynamoDbClient, AttackScene, Object> call) {}
