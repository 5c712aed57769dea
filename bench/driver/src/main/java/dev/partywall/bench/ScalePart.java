package dev.partywall.bench;

import java.io.IOException;

/** One part of a scale run. */
interface ScalePart {
  /** Returns the name for the command line. */
  String name();

  /** Runs the part. */
  ScaleTable run() throws IOException, InterruptedException;
}
