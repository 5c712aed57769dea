package dev.partywall.bench;

import java.io.IOException;

/** One question that is put to the product at scale. */
interface ScalePart {
  /** As on the command line. */
  String name();

  /** Puts it. */
  ScaleTable run() throws IOException, InterruptedException;
}
