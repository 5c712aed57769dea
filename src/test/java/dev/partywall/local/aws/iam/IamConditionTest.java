package dev.partywall.local.aws.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each line: a condition, the request context, and whether an Allow statement with this condition
 * applies.
 */
class IamConditionTest {
  private static final Map<String, String> TAGS = Map.of("team", "red", "odd", "a*");

  @ParameterizedTest(name = "{0} with {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # A missing key: positive operators are false, negated ones true.
          "StringEquals":{"x:k":"a"}                        |          | false
          "StringNotEquals":{"x:k":"a"}                     |          | true
          "StringLike":{"x:k":"*"}                          |          | false
          "StringNotLike":{"x:k":"*"}                       |          | true
          "ArnNotLike":{"x:k":"arn:aws:*:*:*:*"}            |          | true
          "NumericNotEquals":{"x:k":"1"}                    |          | true
          "Bool":{"x:k":"false"}                            |          | false
          "StringEqualsIfExists":{"x:k":"a"}                |          | true
          "StringEqualsIfExists":{"x:k":"a"}                | x:k=b    | false
          "StringNotEqualsIfExists":{"x:k":"a"}             | x:k=a    | false
          "Null":{"x:k":"true"}                             |          | true
          "Null":{"x:k":"true"}                             | x:k=a    | false
          "Null":{"x:k":"false"}                            |          | false
          "Null":{"x:k":false}                              | x:k=a    | true
          # Sets: for an empty set, ForAllValues is true and ForAnyValue is false.
          "ForAllValues:StringEquals":{"x:k":"a"}           |          | true
          "ForAnyValue:StringEquals":{"x:k":"a"}            |          | false
          "ForAnyValue:StringNotEquals":{"x:k":"a"}         |          | false
          "ForAnyValue:StringEqualsIfExists":{"x:k":"a"}    |          | true
          "ForAllValues:StringEquals":{"x:k":"a"}           | x:k=a    | true
          "ForAllValues:StringEquals":{"x:k":"a"}           | x:k=a,b  | false
          "ForAllValues:StringEquals":{"x:k":["a","b"]}     | x:k=a,b  | true
          "ForAllValues:StringNotEquals":{"x:k":["c","d"]}  | x:k=a,b  | true
          "ForAllValues:StringNotEquals":{"x:k":["a","d"]}  | x:k=a,b  | false
          "ForAnyValue:StringEquals":{"x:k":"a"}            | x:k=a,b  | true
          "ForAnyValue:StringEquals":{"x:k":"c"}            | x:k=a,b  | false
          "ForAnyValue:StringNotEquals":{"x:k":"a"}         | x:k=a,b  | true
          "ForAnyValue:StringNotEquals":{"x:k":["a","b"]}   | x:k=a,b  | false
          # Without a set operator, all values must match.
          "StringEquals":{"x:k":"a"}                        | x:k=a,b  | false
          "StringEquals":{"x:k":["a","b"]}                  | x:k=a,b  | true
          # Several values in the policy: one must match. Several keys or operators: all must match.
          "StringEquals":{"x:k":["a","b"]}                  | x:k=b    | true
          "StringNotEquals":{"x:k":["a","b"]}               | x:k=b    | false
          "StringEquals":{"x:k":"a","x:l":"b"}              | x:k=a    | false
          "StringEquals":{"x:k":"a"},"Null":{"x:l":"true"}  | x:k=a    | true
          "StringEquals":{"X:K":"a"}                        | x:k=a    | true
          # Strings.
          "StringEquals":{"x:k":"a"}                        | x:k=A    | false
          "StringEqualsIgnoreCase":{"x:k":"a"}              | x:k=A    | true
          "StringNotEqualsIgnoreCase":{"x:k":"a"}           | x:k=A    | false
          "StringEquals":{"x:k":"a*"}                       | x:k=ab   | false
          "StringEquals":{"x:k":"a*"}                       | x:k=a*   | true
          "StringLike":{"x:k":"acme*"}                      | x:k=acme2 | true
          "StringLike":{"x:k":"acme?"}                      | x:k=acme | false
          "StringLike":{"x:k":"a${*}"}                      | x:k=ab   | false
          "StringLike":{"x:k":"a${*}"}                      | x:k=a*   | true
          # Variables: never wildcards; without a value, never a match.
          "StringEquals":{"x:k":"${aws:PrincipalTag/team}"} | x:k=red  | true
          "StringEquals":{"x:k":"${aws:principaltag/TEAM}"} | x:k=red  | true
          "StringLike":{"x:k":"${aws:PrincipalTag/odd}"}    | x:k=abc  | false
          "StringLike":{"x:k":"${aws:PrincipalTag/odd}"}    | x:k=a*   | true
          "StringEquals":{"x:k":"${aws:PrincipalTag/no}"}   | x:k=red  | false
          "StringEquals":{"x:k":"${aws:PrincipalTag/no}"}   | x:k=${aws:PrincipalTag/no} | false
          "StringNotEquals":{"x:k":"${aws:PrincipalTag/no}"} | x:k=red | false
          "StringEquals":{"x:k":"${aws:PrincipalTag/no, 'red'}"} | x:k=red | true
          "StringEquals":{"x:k":"${aws:userid}"}            | x:k=AROA1:s | true
          # Numbers, dates, booleans, addresses, ARNs.
          "NumericEquals":{"x:k":"1.0"}                     | x:k=1    | true
          "NumericLessThan":{"x:k":10}                      | x:k=9    | true
          "NumericLessThan":{"x:k":10}                      | x:k=10   | false
          "NumericGreaterThanEquals":{"x:k":10}             | x:k=10   | true
          "NumericLessThan":{"x:k":10}                      | x:k=nine | false
          "NumericNotEquals":{"x:k":10}                     | x:k=nine | false
          "DateGreaterThan":{"x:k":"2026-01-01T00:00:00Z"}  | x:k=2026-01-01T00:00:01Z | true
          "DateLessThan":{"x:k":"2026-01-01T00:00:00Z"}     | x:k=2026-01-01T01:00:00+02:00 | true
          "DateEquals":{"x:k":"1767225600"}                 | x:k=2026-01-01T00:00:00Z | true
          "Bool":{"x:k":true}                               | x:k=true | true
          "Bool":{"x:k":"false"}                            | x:k=true | false
          "IpAddress":{"x:k":"10.0.0.0/8"}                  | x:k=10.1.2.3 | true
          "IpAddress":{"x:k":"10.0.0.0/8"}                  | x:k=11.1.2.3 | false
          "NotIpAddress":{"x:k":"10.0.0.0/8"}               | x:k=11.1.2.3 | true
          "NotIpAddress":{"x:k":"10.0.0.0/8"}               | x:k=nowhere | false
          "IpAddress":{"x:k":"2001:db8::/32"}               | x:k=2001:db8::1 | true
          "ArnLike":{"x:k":"arn:aws:iam::*:role/a*"}        | x:k=arn:aws:iam::1:role/ab | true
          "ArnEquals":{"x:k":"arn:aws:iam::*:role/a*"}      | x:k=arn:aws:iam::1:role/ab | true
          "ArnLike":{"x:k":"arn:aws:i*:*:*:role/ab"}        | x:k=arn:aws:iam::1:role/ab | true
          "ArnLike":{"x:k":"arn:aws:*:*:role/ab:*"}         | x:k=arn:aws:iam::1:role/ab | false
          "ArnNotEquals":{"x:k":"arn:aws:iam::1:role/b"}    | x:k=b    | false
          "ArnNotEquals":{"x:k":"arn:aws:iam::1:role/b"}    | x:k=arn:aws:iam::1:role/a | true
          """)
  void evaluatesConditions(String condition, String request, boolean expected) {
    var policy =
        IamPolicy.of(
            """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"x:Do","Resource":"*",
             "Condition":{%s}}}\
            """
                .formatted(condition));
    var caller =
        new IamPrincipal(
            "arn:aws:sts::1:assumed-role/r/s",
            "arn:aws:iam::1:role/r",
            "AROA1:s",
            TAGS,
            List.of(policy),
            Optional.empty(),
            Optional.empty());
    assertEquals(expected, caller.evaluate("x:Do", "arn:x", context(request)).allowed());
  }

  static RequestContext context(String request) {
    if (request == null) {
      return RequestContext.EMPTY;
    }
    var pair = request.split("=", 2);
    return RequestContext.EMPTY.with(pair[0], List.of(pair[1].split(",", -1)));
  }
}
