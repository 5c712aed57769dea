package dev.partywall.metering.journal;

import dev.partywall.metering.meter.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A part of a segment, shipped to the ledger in one transaction. Splitting the segment again yields
 * the same batch ids.
 *
 * @param part the index of the part in the segment, from 0
 */
public record Batch(UUID segmentId, int part, List<Usage> usage) {
  /** DynamoDB accepts 100 items in a transaction; one of them records the batch id. */
  private static final int MAX_USAGES = 99;

  static List<Batch> of(Segment segment) {
    var batches = new ArrayList<Batch>();
    var usage = segment.usage();
    for (var from = 0; from < usage.size(); from += MAX_USAGES) {
      var part = usage.subList(from, Math.min(from + MAX_USAGES, usage.size()));
      batches.add(new Batch(segment.header().batchId(), batches.size(), part));
    }
    return batches;
  }
}
