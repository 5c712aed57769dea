package dev.partywall.operations.provisioning;

import dev.partywall.storage.silo.SiloTables.Progress;
import java.util.Locale;

/** The states of a provisioning. */
enum ProvisioningState {
  /** The table is requested. */
  CREATING_TABLE,
  /** The table, its indexes and its expiry become active. */
  ACTIVATING,
  /** Backups and deletion protection become active. */
  PROTECTING,
  /** An operator has cancelled the operation. */
  CANCELLED;

  /** Returns the name in JSON documents and in stored records. Never change it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ProvisioningState of(Progress progress) {
    return switch (progress) {
      case CREATING -> CREATING_TABLE;
      case ACTIVATING -> ACTIVATING;
      case PROTECTING, COMPLETE -> PROTECTING;
    };
  }
}
