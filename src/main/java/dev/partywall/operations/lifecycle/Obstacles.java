package dev.partywall.operations.lifecycle;

/** The reasons that operations of several kinds have in common, see {@link OperationSteps}. */
public final class Obstacles {
  /** The reason of an instance without the provisioner role, which another instance may have. */
  public static final String NO_PROVISIONER =
      "The table of a silo requires PARTYWALL_PROVISIONER_ROLE_ARN.";

  private Obstacles() {}
}
