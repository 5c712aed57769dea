package dev.partywall.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A part of a segment that goes to the ledger in one transaction. Its name is the same whenever the
 * segment is cut again.
 *
 * @param part its place in the segment, from 0
 */
record Batch(UUID segment, int part, List<Usage> usage) {
  /** DynamoDB takes 100 items in a transaction, and one of them says that the batch is in. */
  private static final int MOST = 99;

  static List<Batch> of(Segment segment) {
    var batches = new ArrayList<Batch>();
    var usage = segment.usage();
    for (var from = 0; from < usage.size(); from += MOST) {
      var part = usage.subList(from, Math.min(from + MOST, usage.size()));
      batches.add(new Batch(segment.header().batch(), batches.size(), part));
    }
    return batches;
  }
}
