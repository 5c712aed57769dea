package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.iam.Context;

/**
 * A permission that a call requires.
 *
 * @param context the condition keys that DynamoDB adds to those of the request
 * @param exists whether the table exists; a missing table is reported only to permitted callers
 */
record Access(String action, String resource, Context context, boolean exists) {
  static Access of(String action, String resource) {
    return new Access("dynamodb:" + action, resource, Context.EMPTY, true);
  }

  Access and(Context more) {
    return new Access(action, resource, context.and(more), exists);
  }
}
