package dev.crema.nn.data;

import java.net.URI;
import java.util.List;

/**
 * A file that can be downloaded, and how to know that it is the right one.
 *
 * @param url where it is
 * @param bytes its exact length
 * @param sha256 its SHA-256 in lower-case hexadecimal
 * @param members what to take out of it if it is a {@code .tar.gz}; empty to keep it as it is
 */
public record RemoteFile(String url, long bytes, String sha256, List<String> members) {
  /** Checks that the parts have the right form. */
  public RemoteFile {
    members = List.copyOf(members);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("remote file: expected a SHA-256, got '" + sha256 + "'");
    }
  }

  /** A file to keep as it is. */
  public RemoteFile(String url, long bytes, String sha256) {
    this(url, bytes, sha256, List.of());
  }

  /** The last part of the URL's path. */
  public String name() {
    String path = URI.create(url).getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
