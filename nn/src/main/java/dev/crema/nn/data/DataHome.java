package dev.crema.nn.data;

import dev.crema.nn.io.DataNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where data sets lie: folders that are searched in order. Downloads go to the last one.
 *
 * @param roots the folders, each with a folder per data set ({@code mnist/}, {@code cifar10/} …)
 */
public record DataHome(List<Path> roots) {
  /** Takes a copy; there must be at least one root. */
  public DataHome {
    roots = List.copyOf(roots);
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("data home: expected at least one folder");
    }
  }

  /** These folders, in this order. */
  public static DataHome of(Path... roots) {
    return new DataHome(List.of(roots));
  }

  /**
   * The folder that the environment variable CREMA_DATA names, if it does, then {@code crema/data}
   * in the user's cache (XDG_CACHE_HOME, LOCALAPPDATA, or {@code ~/.cache}).
   */
  public static DataHome standard() {
    var roots = new ArrayList<Path>();
    String named = System.getenv("CREMA_DATA");
    if (named != null && !named.isBlank()) {
      roots.add(Path.of(named));
    }
    roots.add(userCache().resolve("crema").resolve("data"));
    return new DataHome(roots);
  }

  private static Path userCache() {
    for (String variable : List.of("XDG_CACHE_HOME", "LOCALAPPDATA")) {
      String value = System.getenv(variable);
      if (value != null && !value.isBlank()) {
        return Path.of(value);
      }
    }
    return Path.of(System.getProperty("user.home"), ".cache");
  }

  /** Where downloads go. */
  public Path downloads() {
    return roots.getLast();
  }

  /**
   * The first folder that has a file for each of {@code wanted}.
   *
   * @param dataset the data set, for the error
   * @param folders folders under the roots to try, in order
   * @param wanted file names; each a list of spellings, one of which must be there
   * @return the files found, one per entry of {@code wanted}
   * @throws DataNotFoundException naming every folder that was tried
   */
  List<Path> find(KnownDataset dataset, List<String> folders, List<List<String>> wanted) {
    var looked = new ArrayList<Path>();
    for (Path root : roots) {
      for (String folder : folders) {
        Path at = root.resolve(folder);
        looked.add(at);
        List<Path> found = wanted.stream().flatMap(names -> first(at, names).stream()).toList();
        if (found.size() == wanted.size()) {
          return found;
        }
      }
    }
    throw new DataNotFoundException(dataset.toString(), looked, dataset.howToGetIt(this));
  }

  private static Optional<Path> first(Path folder, List<String> names) {
    return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }
}
