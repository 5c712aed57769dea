package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.iam.Context;
import java.util.Optional;

/**
 * A table that a request names.
 *
 * @param arn the ARN in policies
 * @param schema empty if the table does not exist
 */
record Table(String name, String arn, Optional<TableSchema> schema) {
  Access access(String action, Optional<String> index, Context context) {
    var resource = index.map(name -> arn + "/index/" + name).orElse(arn);
    return new Access("dynamodb:" + action, resource, context, schema.isPresent());
  }
}
