import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holds every Java source to google-java-format: {@code --check} names what differs, {@code
 * --apply} rewrites it. Run by the root POM on the toolchain's JDK, since the formatter parses with
 * the compiler of the JVM that it runs in.
 */
final class Format {
  private static final Set<String> SKIPPED = Set.of(".git", ".idea", "target", "runs");

  private final Path root;
  private final boolean apply;
  private final Formatter formatter = new Formatter();
  private final List<String> unformatted = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();

  private Format(Path root, boolean apply) {
    this.root = root;
    this.apply = apply;
  }

  public static void main(String[] args) throws IOException {
    var format = new Format(Path.of(args[1]), args[0].equals("--apply"));
    var sources = format.sources();
    sources.forEach(format::visit);
    System.exit(format.report(sources.size()));
  }

  private List<Path> sources() throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean skip = SKIPPED.contains(String.valueOf(directory.getFileName()));
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }

  private void visit(Path file) {
    var name = root.relativize(file).toString();
    try {
      var source = Files.readString(file);
      var formatted = formatter.formatSourceAndFixImports(source);
      if (!formatted.equals(source)) {
        unformatted.add(name);
        if (apply) {
          Files.writeString(file, formatted);
        }
      }
    } catch (FormatterException e) {
      unreadable.add(name + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints what was found and returns the exit status. */
  private int report(int total) {
    unreadable.forEach(line -> System.err.println("[ERROR] not valid Java: " + line));
    if (apply) {
      unformatted.forEach(name -> System.out.println("[INFO] formatted " + name));
      return unreadable.isEmpty() ? 0 : 1;
    }
    if (unformatted.isEmpty() && unreadable.isEmpty()) {
      System.out.println("[INFO] format: " + total + " files clean");
      return 0;
    }
    unformatted.forEach(name -> System.err.println("[ERROR] not formatted: " + name));
    System.err.println(
        "[ERROR] " + unformatted.size() + " of " + total + " files are not in google-java-format.");
    System.err.println("[ERROR] Fix them with: mvn -q -N -Pformat process-sources");
    return 1;
  }
}
