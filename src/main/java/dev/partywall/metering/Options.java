package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command's options, {@code --name value}, and all that is wrong with them. */
final class Options {
  private final Map<String, String> values = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  Options(List<String> args, Set<String> known) {
    for (var i = 0; i < args.size(); i += 2) {
      var name = args.get(i);
      if (!known.contains(name)) {
        faults.add(
            name + ": not known; there is " + String.join(", ", known.stream().sorted().toList()));
      } else if (i + 1 == args.size()) {
        faults.add(name + ": needs a value");
      } else if (values.put(name, args.get(i + 1)) != null) {
        faults.add(name + ": given twice");
      }
    }
  }

  /** Tells all faults, one a line, and whether there are none. */
  boolean hold(PrintStream err) {
    faults.forEach(fault -> err.print(fault + "\n"));
    err.flush();
    return faults.isEmpty();
  }

  Optional<Instant> instant(String name) {
    try {
      return Optional.ofNullable(values.get(name)).map(Period::instant);
    } catch (DateTimeException e) {
      faults.add(name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  Instant required(String name) {
    var instant = instant(name);
    if (!values.containsKey(name)) {
      faults.add(name + ": is required");
    }
    return instant.orElse(Instant.EPOCH);
  }

  /** A period of nothing where the options don't hold. */
  Period period(Instant from, Instant to, Duration longest) {
    try {
      return faults.isEmpty() ? Period.of(from, to, longest) : new Period(from, from);
    } catch (DateTimeException e) {
      faults.add("--from, --to: " + e.getMessage());
      return new Period(from, from);
    }
  }

  Optional<TenantId> tenant(String name) {
    var tenant = Optional.ofNullable(values.get(name)).flatMap(TenantId::parse);
    if (values.containsKey(name) && tenant.isEmpty()) {
      faults.add(name + ": not a tenant's name");
    }
    return tenant;
  }
}
