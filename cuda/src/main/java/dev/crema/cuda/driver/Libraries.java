package dev.crema.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where NVIDIA's libraries may be, and how they are loaded before JCuda asks for them: a library
 * that is in the process already satisfies whoever needs its name, wherever it lies.
 */
final class Libraries {
  /** The variable with a list of folders that are looked at first. */
  static final String FOLDERS = "CREMA_CUDA_LIBS";

  private final List<Path> first = new ArrayList<>();
  private final List<Path> last = new ArrayList<>();

  Libraries() {
    first.addAll(listed(FOLDERS));
    first.addAll(listed("LD_LIBRARY_PATH"));
    Set<Path> found = new LinkedHashSet<>();
    for (Path toolkit : children(Path.of("/usr/local"), "cuda*")) {
      addIfThere(found, toolkit.resolve("lib64"));
      addIfThere(found, toolkit.resolve("targets/x86_64-linux/lib"));
    }
    addIfThere(found, Path.of("/opt/cuda/lib64"));
    for (Path python : pythons()) {
      addIfThere(found, python);
      for (Path version : children(python, "python3*")) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          children(version.resolve(packages).resolve("nvidia"), "*")
              .forEach(part -> addIfThere(found, part.resolve("lib")));
        }
      }
    }
    last.addAll(found);
  }

  /** The places that were looked at, for messages. */
  String places() {
    List<String> places = new ArrayList<>();
    if (System.getenv(FOLDERS) == null) {
      places.add(FOLDERS + " (not set)");
    }
    first.forEach(folder -> places.add(folder.toString()));
    places.add("the loader's path");
    last.forEach(folder -> places.add(folder.toString()));
    places.add("pip's nvidia packages");
    return String.join(", ", places);
  }

  /**
   * Loads the first of these that there is: in the folders that the user named, then wherever the
   * loader finds it, then in the usual folders.
   *
   * @param names the library under the names that will do, the best first
   * @param companions what it needs, loaded from the same folder where it is there
   * @return the name, or null when there is none
   */
  @Nullable String load(List<String> names, List<String> companions) {
    String loaded = loadFrom(first, names, companions);
    if (loaded == null) {
      loaded = names.stream().filter(Libraries::loadByName).findFirst().orElse(null);
    }
    return loaded != null ? loaded : loadFrom(last, names, companions);
  }

  private static @Nullable String loadFrom(
      List<Path> folders, List<String> names, List<String> companions) {
    for (Path folder : folders) {
      for (String name : names) {
        Path library = folder.resolve(name);
        if (Files.exists(library)) {
          String version = name.substring(name.indexOf(".so"));
          companions.stream()
              .map(companion -> folder.resolve(companion + version))
              .filter(Files::exists)
              .forEach(Libraries::load);
          load(library);
          return name;
        }
      }
    }
    return null;
  }

  /** Loads one file for good. Throws {@link UnsatisfiedLinkError} with the loader's reason. */
  static Path load(Path library) {
    String fault = ElfLength.fault(library);
    if (fault != null) {
      throw new UnsatisfiedLinkError(fault);
    }
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException _) {
      System.load(library.toAbsolutePath().toString()); // which says why
    }
    return library;
  }

  /** Loads what the loader finds under this name, for good. */
  static boolean loadByName(String name) {
    try {
      SymbolLookup.libraryLookup(name, Arena.global());
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The file that a library was loaded from, or null when it is not in this process. */
  static @Nullable Path loaded(String name) {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains("/" + name))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .findFirst()
          .orElse(null);
    } catch (IOException _) {
      return null;
    }
  }

  private static List<Path> listed(String variable) {
    List<Path> folders = new ArrayList<>();
    String list = System.getenv(variable);
    if (list != null) {
      for (String folder : list.split(File.pathSeparator, -1)) {
        if (!folder.isEmpty()) {
          folders.add(Path.of(folder).toAbsolutePath());
        }
      }
    }
    return folders;
  }

  /** The lib folders of Pythons, in which pip and conda put libraries. */
  private static List<Path> pythons() {
    List<Path> libs = new ArrayList<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String prefix = System.getenv(variable);
      if (prefix != null && !prefix.isEmpty()) {
        libs.add(Path.of(prefix, "lib"));
      }
    }
    for (Path folder : listed("PATH")) {
      Path python = folder.resolve("python3");
      if (Files.exists(python)) {
        libs.add(folder.resolveSibling("lib"));
        libs.add(real(python).resolveSibling("../lib").normalize());
      }
    }
    libs.add(Path.of(System.getProperty("user.home"), ".local", "lib"));
    libs.add(Path.of("/usr/local/lib"));
    libs.add(Path.of("/usr/lib"));
    libs.add(Path.of("/opt/conda/lib"));
    return libs;
  }

  /** Where a link leads; itself where that cannot be told. */
  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException _) {
      return file;
    }
  }

  private static void addIfThere(Collection<Path> folders, Path folder) {
    if (Files.isDirectory(folder)) {
      folders.add(folder);
    }
  }

  private static List<Path> children(Path folder, String glob) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
        stream.forEach(children::add);
      } catch (IOException _) {
        return List.of(); // a folder that may not be read holds nothing for us
      }
      children.sort(null);
    }
    return children;
  }
}
