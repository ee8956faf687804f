package dev.crema.examples.cli;

import dev.crema.examples.run.DataSource;
import dev.crema.nn.data.DataHome;
import dev.crema.nn.data.Download;
import dev.crema.nn.data.KnownDataset;
import dev.crema.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which images to train or judge on. */
final class DataOptions {
  static final String STROKES = "strokes";

  @Option(
      names = "--dataset",
      paramLabel = "NAME|DIR",
      defaultValue = STROKES,
      description = {
        "strokes (digits that the program draws itself), mnist, fashion-mnist, cifar10, or a"
            + " folder or zip file with train/CLASS/*.jpg and val/CLASS/*.jpg."
            + " Default: ${DEFAULT-VALUE}"
      })
  String dataset = STROKES;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The folder that holds mnist/, cifar10/ and so on. Default: $CREMA_DATA, then"
              + " ~/.cache/crema/data")
  @Nullable Path data;

  @Option(
      names = "--download",
      description = "Fetch the data set if it is not there. Nothing is fetched without this.")
  boolean download;

  /**
   * Finds the data set, and fits it to a network's input, [c, h, w].
   *
   * @param limit how many training images are used at most; null for all
   */
  DataSource open(Shape input, @Nullable Integer limit, Terminal terminal) {
    if (dataset.equals(STROKES)) {
      return DataSource.strokes(input, limit);
    }
    Optional<KnownDataset> known =
        Arrays.stream(KnownDataset.values()).filter(d -> d.toString().equals(dataset)).findFirst();
    if (known.isPresent()) {
      return known(known.get(), input, limit, terminal);
    }
    Path folder = Path.of(dataset);
    if (!Files.exists(folder)) {
      throw new UserError(
          "--dataset: there is no data set, folder or zip file '%s'.%s Hint: the data sets are %s"
              .formatted(dataset, Names.didYouMean(dataset, names()), String.join(", ", names())));
    }
    return DataSource.folder(folder, input, limit);
  }

  private DataSource known(
      KnownDataset known, Shape input, @Nullable Integer limit, Terminal terminal) {
    DataHome home = data == null ? DataHome.standard() : DataHome.of(data);
    if (download) {
      try (var progress = new DownloadProgress(terminal)) {
        Download.fetch(known, home, progress);
      }
    }
    return DataSource.known(known, home, input, limit);
  }

  static List<String> names() {
    var names = new ArrayList<String>(List.of(STROKES));
    Arrays.stream(KnownDataset.values()).map(KnownDataset::toString).forEach(names::add);
    return names;
  }
}
