package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;

/** Writes the last run to the record, the chart and the README. */
final class RecordWriter {
  private static final String BEGIN_MARKER = "<!-- results, %s: written by -Precord -->";
  private static final String END_MARKER = "<!-- end of results, %s -->";

  private final BenchPaths paths;

  RecordWriter(BenchPaths paths) {
    this.paths = paths;
  }

  void write() throws IOException {
    var results = RunResults.read(paths.results());
    if (results.rounds() < 2) {
      throw new IOException("a record requires more than one round to estimate noise");
    }
    var storage = results.storage();
    var record = RunRecord.of(paths);
    System.out.println("Recorded: " + record.summary());
    record.write(paths.record(storage));
    Files.writeString(paths.chart(storage), new ResultChart(results).toString());
    updateReadme(
        storage,
        "\n![Side by side](%s)\n\n%s"
            .formatted(paths.chart(storage).getFileName(), new ResultTable(results)));
  }

  private void updateReadme(String storage, String text) throws IOException {
    var readme = Files.readString(paths.readme());
    var from = BEGIN_MARKER.formatted(storage);
    var begin = readme.indexOf(from);
    var end = readme.indexOf(END_MARKER.formatted(storage));
    if (begin < 0 || end < begin) {
      throw new IOException(paths.readme() + " lacks the marker for results: " + from);
    }
    var before = readme.substring(0, begin + from.length());
    Files.writeString(paths.readme(), before + text + readme.substring(end));
  }
}
