package dev.partywall.observability;

import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** What a call of the AWS SDK asks for, in AWS's spelling: {@code DynamoDB}, {@code GetItem}. */
record AwsOperation(String service, String name) {
  static final String DYNAMODB = "DynamoDB";

  static AwsOperation of(ExecutionAttributes attributes) {
    var service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
    // The SDK writes it like its classes.
    return new AwsOperation(
        service.equals("DynamoDb") ? DYNAMODB : service,
        attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
  }
}
