package dev.partywall.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

class AwsErrorCodesTest {
  @Test
  void readsTheCodeOfAnAwsError() {
    var details = AwsErrorDetails.builder().errorCode("ThrottlingException").build();
    var error = AwsServiceException.builder().awsErrorDetails(details).build();
    assertEquals("ThrottlingException", AwsErrorCodes.codeOf(error));
  }

  @Test
  void returnsAnEmptyCodeForFailuresWithoutOne() {
    assertEquals("", AwsErrorCodes.codeOf(new IllegalStateException("no code")));
    assertEquals("", AwsErrorCodes.codeOf(AwsServiceException.builder().build()));
    var empty = AwsErrorDetails.builder().build();
    assertEquals(
        "", AwsErrorCodes.codeOf(AwsServiceException.builder().awsErrorDetails(empty).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "AccessDeniedException, false",
    "IncompleteSignatureException, false",
    "InvalidSignatureException, false",
    "MissingAuthenticationTokenException, false",
    "ExpiredTokenException, true",
    "UnrecognizedClientException, true",
  })
  void classifiesDenials(String code, boolean rejectsCredentials) {
    assertTrue(AwsErrorCodes.isDenial(code));
    assertEquals(rejectsCredentials, AwsErrorCodes.isRejectionOfCredentials(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ThrottlingException", "ResourceNotFoundException", "AccessDenied", "Denied"})
  void classifiesNoOtherCodeAsADenial(String code) {
    assertFalse(AwsErrorCodes.isDenial(code));
    assertFalse(AwsErrorCodes.isRejectionOfCredentials(code));
  }
}
