package dev.partywall.bench;

import java.io.IOException;

/** One question that is put to the product at scale. */
interface Part {
  /** As on the command line. */
  String name();

  /** Puts it. */
  Grid run() throws IOException, InterruptedException;
}
