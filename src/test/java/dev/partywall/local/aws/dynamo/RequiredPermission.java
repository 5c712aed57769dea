package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.iam.RequestContext;

/**
 * A permission that a call requires.
 *
 * @param context the condition keys that DynamoDB adds to those of the request
 * @param tableExists whether the table exists; a missing table is reported only to permitted
 *     callers
 */
record RequiredPermission(
    String action, String resource, RequestContext context, boolean tableExists) {
  static RequiredPermission of(String action, String resource) {
    return new RequiredPermission("dynamodb:" + action, resource, RequestContext.EMPTY, true);
  }

  RequiredPermission withContext(RequestContext more) {
    return new RequiredPermission(action, resource, context.merge(more), tableExists);
  }
}
