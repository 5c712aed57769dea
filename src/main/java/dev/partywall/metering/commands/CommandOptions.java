package dev.partywall.metering.commands;

import dev.partywall.error.Faults;
import dev.partywall.metering.billing.Period;
import dev.partywall.metering.meter.MeteredTenant;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The options of a command, {@code --name value}, and their faults. */
public final class CommandOptions {
  private final Map<String, String> values = new HashMap<>();
  private final Faults faults = new Faults();

  /**
   * Reads the options.
   *
   * @param known the names of the options, with their hyphens
   */
  public CommandOptions(List<String> args, Set<String> known) {
    for (var i = 0; i < args.size(); i++) {
      var name = args.get(i);
      var hasValue = i + 1 < args.size() && !args.get(i + 1).startsWith("--");
      if (!known.contains(name)) {
        var options = String.join(", ", known.stream().sorted().toList());
        faults.add(name, "is unknown; the options are " + options);
      } else if (!hasValue) {
        faults.add(name, "needs a value");
      } else if (values.put(name, args.get(i + 1)) != null) {
        faults.add(name, "is given twice");
      }
      if (hasValue && name.startsWith("--")) {
        i++; // the value, also that of an unknown option
      }
    }
  }

  /** Prints all faults, one per line, and returns whether the options are valid. */
  public boolean validate(PrintStream err) {
    faults.lines().forEach(fault -> err.print(fault + "\n"));
    err.flush();
    return faults.isEmpty();
  }

  /** Returns the faults, one line each. */
  public List<String> faults() {
    return faults.lines();
  }

  /** Returns whether no fault was found so far. */
  public boolean isValid() {
    return faults.isEmpty();
  }

  /** Adds a fault of an option. */
  public void fault(String name, String detail) {
    faults.add(name, detail);
  }

  /** Returns the value of an option; empty if it is not given. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns the full hour that an option states. */
  Optional<Instant> optionalHour(String name) {
    return parsed(name, Period::parseHour);
  }

  Optional<Instant> optionalInstant(String name) {
    return parsed(name, Period::parseInstant);
  }

  private Optional<Instant> parsed(String name, Function<String, Instant> parser) {
    try {
      return Optional.ofNullable(values.get(name)).map(parser);
    } catch (DateTimeException e) {
      faults.add(name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  Instant requiredHour(String name) {
    var hour = optionalHour(name);
    if (!values.containsKey(name)) {
      faults.add(name, "is required");
    }
    return hour.orElse(Instant.EPOCH);
  }

  /** Returns the period, or an empty period if the options are invalid. */
  Period period(Instant from, Instant to, Duration maxLength) {
    try {
      return faults.isEmpty() ? Period.of(from, to, maxLength) : new Period(from, from);
    } catch (DateTimeException e) {
      faults.add("--from, --to", String.valueOf(e.getMessage()));
      return new Period(from, from);
    }
  }

  Optional<MeteredTenant> tenant(String name) {
    var tenant = Optional.ofNullable(values.get(name)).flatMap(MeteredTenant::parse);
    if (values.containsKey(name) && tenant.isEmpty()) {
      faults.add(name, "must be a tenant id");
    }
    return tenant;
  }
}
