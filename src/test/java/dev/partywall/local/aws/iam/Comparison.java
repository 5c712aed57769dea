package dev.partywall.local.aws.iam;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Compares a request value with a policy value. The result is empty if they are not comparable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">condition
 *     operators</a>
 */
sealed interface Comparison {
  Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context);

  /** Rejects, at load time, a policy value that is never comparable. */
  void validate(PolicyString policy);

  record TextComparison(boolean wildcards, boolean ignoreCase) implements Comparison {
    @Override
    public Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context) {
      return policy
          .resolve(context, wildcards)
          .map(glob -> ignoreCase ? glob.lowerCase().matches(lower(asked)) : glob.matches(asked));
    }

    @Override
    public void validate(PolicyString policy) {}
  }

  /** ArnEquals and ArnLike are identical: each of the six parts is matched separately. */
  record ArnComparison() implements Comparison {
    @Override
    public Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context) {
      var parts = asked.split(":", 6);
      return policy
          .resolve(context, true)
          .filter(_ -> parts.length == 6)
          .map(glob -> matches(parts, glob));
    }

    private static boolean matches(String[] asked, WildcardPattern glob) {
      var parts = glob.splitArn();
      return parts.size() == asked.length
          && IntStream.range(0, asked.length).allMatch(i -> parts.get(i).matches(asked[i]));
    }

    @Override
    public void validate(PolicyString policy) {
      if (policy.isLiteral() && policy.text().split(":", 6).length != 6) {
        throw new MalformedPolicyException("Not an ARN: " + policy.text());
      }
    }
  }

  /** Ordered values: numbers and dates. As in AWS, policy variables are not supported. */
  record OrderedComparison<T extends Comparable<T>>(Function<String, T> reader, IntPredicate test)
      implements Comparison {
    static OrderedComparison<BigDecimal> number(IntPredicate test) {
      return new OrderedComparison<>(BigDecimal::new, test);
    }

    static OrderedComparison<Instant> date(IntPredicate test) {
      return new OrderedComparison<>(Comparison::instant, test);
    }

    @Override
    public Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context) {
      return read(asked).flatMap(left -> read(policy.text()).map(left::compareTo)).map(test::test);
    }

    @Override
    public void validate(PolicyString policy) {
      if (!policy.isLiteral() || read(policy.text()).isEmpty()) {
        throw new MalformedPolicyException("Not comparable: " + policy.text());
      }
    }

    private Optional<T> read(String text) {
      try {
        return Optional.of(reader.apply(text));
      } catch (NumberFormatException | DateTimeParseException e) {
        return Optional.empty();
      }
    }
  }

  record BooleanComparison() implements Comparison {
    @Override
    public Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context) {
      return Optional.of(asked.equalsIgnoreCase(policy.text()));
    }

    @Override
    public void validate(PolicyString policy) {
      if (!policy.text().toLowerCase(Locale.ROOT).matches("true|false")) {
        throw new MalformedPolicyException("Neither true nor false: " + policy.text());
      }
    }
  }

  record IpComparison() implements Comparison {
    @Override
    public Optional<Boolean> compare(String asked, PolicyString policy, RequestContext context) {
      return Cidr.parse(asked + (asked.contains(":") ? "/128" : "/32"))
          .flatMap(address -> Cidr.parse(policy.text()).map(range -> range.contains(address)));
    }

    @Override
    public void validate(PolicyString policy) {
      if (Cidr.parse(policy.text()).isEmpty()) {
        throw new MalformedPolicyException("Not an address range: " + policy.text());
      }
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** ISO 8601, or seconds since 1970. */
  private static Instant instant(String text) {
    return text.matches("\\d{1,18}")
        ? Instant.ofEpochSecond(Long.parseLong(text))
        : OffsetDateTime.parse(text).toInstant();
  }
}
