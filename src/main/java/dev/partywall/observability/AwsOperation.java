package dev.partywall.observability;

import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * The service and operation of an AWS SDK call, in AWS's spelling: {@code DynamoDB}, {@code
 * GetItem}.
 */
record AwsOperation(String service, String name) {
  static final String DYNAMODB = "DynamoDB";

  static AwsOperation of(ExecutionAttributes attributes) {
    var service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
    // The SDK spells it like its class names.
    return new AwsOperation(
        service.equals("DynamoDb") ? DYNAMODB : service,
        attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
  }
}
