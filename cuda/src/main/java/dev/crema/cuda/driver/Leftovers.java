package dev.crema.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;

/**
 * The folders of processes that were killed while they unpacked libraries. One is removed when it
 * is this user's, its process is gone, and it is not young: in containers that share a temporary
 * folder, processes do not see each other.
 */
final class Leftovers {
  /** What the folders' names begin with, before the number of their process. */
  static final String PREFIX = "crema-cuda-";

  private static final Duration YOUNG = Duration.ofMinutes(10);

  private Leftovers() {}

  /** Removes them from beside this process's own folder; what cannot be removed stays. */
  static void removeBeside(Path own) {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(own.resolveSibling(""), PREFIX + "*")) {
      UserPrincipal user = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS);
      for (Path folder : folders) {
        try {
          if (isAbandoned(folder, user)) {
            remove(folder);
          }
        } catch (IOException _) {
          continue; // another process removes it just now, or it holds what is not ours
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return; // a temporary folder that cannot be listed
    }
  }

  private static boolean isAbandoned(Path folder, UserPrincipal user) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)
        && Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(YOUNG))
        && !runs(folder.getFileName().toString().substring(PREFIX.length()));
  }

  /** Whether the process is there that a name tells of; no number is of no process. */
  private static boolean runs(String rest) {
    String pid = rest.substring(0, Math.max(0, rest.indexOf('-')));
    return pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }

  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
