package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;

/** Makes the last run the one that is shown and compared with: record, chart and README. */
final class RecordWriter {
  private static final String FROM = "<!-- results, %s: written by -Precord -->";
  private static final String TO = "<!-- end of results, %s -->";

  private final BenchPaths places;

  RecordWriter(BenchPaths places) {
    this.places = places;
  }

  void keep() throws IOException {
    var results = RunResults.read(places.results());
    if (results.rounds() < 2) {
      throw new IOException("a record needs more than one round: nobody would know what is noise");
    }
    var storage = results.storage();
    var kept = RunRecord.of(places);
    System.out.println("Recorded: " + kept.told());
    kept.write(places.record(storage));
    Files.writeString(places.chart(storage), new ResultChart(results).toString());
    show(
        storage,
        "\n![Side by side](%s)\n\n%s"
            .formatted(places.chart(storage).getFileName(), new ResultTable(results)));
  }

  private void show(String storage, String text) throws IOException {
    var readme = Files.readString(places.readme());
    var from = FROM.formatted(storage);
    var begin = readme.indexOf(from);
    var end = readme.indexOf(TO.formatted(storage));
    if (begin < 0 || end < begin) {
      throw new IOException(places.readme() + " has no place for results: " + from);
    }
    var before = readme.substring(0, begin + from.length());
    Files.writeString(places.readme(), before + text + readme.substring(end));
  }
}
