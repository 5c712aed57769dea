package dev.partywall;

/** Starts the service. */
public final class Main {
  private Main() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    System.out.println("partywall");
  }
}
