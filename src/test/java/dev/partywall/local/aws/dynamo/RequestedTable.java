package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.iam.RequestContext;
import java.util.Optional;

/**
 * A table that a request names.
 *
 * @param arn the ARN in policies
 * @param schema empty if the table does not exist
 */
record RequestedTable(String name, String arn, Optional<TableSchema> schema) {
  RequiredPermission permission(String action, Optional<String> index, RequestContext context) {
    var resource = index.map(name -> arn + "/index/" + name).orElse(arn);
    return new RequiredPermission("dynamodb:" + action, resource, context, schema.isPresent());
  }
}
