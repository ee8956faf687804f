import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.zip.ZipFile;

/**
 * Adds {@code module-info.class} to a jar: {@code JAR CLASSES DATE}. The jar plugin would read the
 * descriptor with Maven's own JVM, and a JDK 17 cannot; this runs on the toolchain's JDK. A jar
 * that has its descriptor is not touched, since a newer jar means that all that depends on it is
 * compiled again.
 */
final class AddModuleDescriptor {
  private static final String DESCRIPTOR = "module-info.class";

  public static void main(String[] args) throws IOException {
    var jar = Path.of(args[0]);
    var classes = Path.of(args[1]);
    if (isCurrent(jar, classes.resolve(DESCRIPTOR))) {
      return;
    }
    var tool = ToolProvider.findFirst("jar").orElseThrow();
    System.exit(
        tool.run(
            System.out,
            System.err,
            "--update",
            "--file=" + jar,
            "--date=" + args[2],
            "-C",
            classes.toString(),
            DESCRIPTOR));
  }

  private static boolean isCurrent(Path jar, Path descriptor) throws IOException {
    try (var entries = new ZipFile(jar.toFile())) {
      return entries.getEntry(DESCRIPTOR) != null
          && Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(descriptor)) >= 0;
    }
  }
}
