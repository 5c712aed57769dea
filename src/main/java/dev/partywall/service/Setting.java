package dev.partywall.service;

import java.util.Optional;

/** A setting that a capability declares and an environment variable provides. */
public interface Setting {
  /** Returns the value; a blank value counts as not set. */
  Optional<String> value();
}
