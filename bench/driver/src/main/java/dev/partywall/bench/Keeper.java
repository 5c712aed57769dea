package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/** Makes the last run the one that is shown and compared with: record, chart and README. */
final class Keeper {
  private static final String FROM = "<!-- results: written by -Precord -->";
  private static final String TO = "<!-- end of results -->";

  private final Places places;

  Keeper(Places places) {
    this.places = places;
  }

  void keep() throws IOException {
    Kept.of(places).write(places.record());
    Files.copy(places.newChart(), places.chart(), StandardCopyOption.REPLACE_EXISTING);
    var readme = Files.readString(places.readme());
    var from = readme.indexOf(FROM) + FROM.length();
    var table = new Table(Results.read(places.results()));
    Files.writeString(
        places.readme(),
        readme.substring(0, from)
            + "\n![Side by side](chart.svg)\n\n"
            + table
            + readme.substring(readme.indexOf(TO)));
  }
}
