package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.iam.Context;

/**
 * One permission that a call needs.
 *
 * @param context the keys that DynamoDB adds to the request's own
 * @param exists whether the table is there; one that isn't may be told of only to who may use it
 */
record Access(String action, String resource, Context context, boolean exists) {
  static Access of(String action, String resource) {
    return new Access("dynamodb:" + action, resource, Context.EMPTY, true);
  }

  Access and(Context more) {
    return new Access(action, resource, context.and(more), exists);
  }
}
