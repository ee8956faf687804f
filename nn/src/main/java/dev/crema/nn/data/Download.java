package dev.crema.nn.data;

import dev.crema.nn.io.AtomicFile;
import dev.crema.nn.io.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Fetches data sets. Nothing calls this by itself: a download happens when the user asks for it.
 *
 * <p>A file appears under its name only when its length and SHA-256 are right; until then, and
 * after any failure, there is no trace of it. An archive goes once its members are there; if they
 * cannot be unpacked it stays, and is not fetched again. Redirects are followed, except from https
 * to another protocol, and a server that sends nothing for a minute is given up.
 */
public final class Download {
  private static final int TIMEOUT_MS = 60_000;
  private static final int MAX_UPGRADES = 5;

  private Download() {}

  /** Hears how far a file has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param file its name
     * @param done bytes so far
     * @param total bytes in all
     */
    void update(String file, long done, long total);
  }

  /**
   * Fetches what is missing of a data set into the download folder of {@code home}.
   *
   * @throws DataException if a file cannot be fetched, or is not what it should be
   */
  public static void fetch(KnownDataset dataset, DataHome home, Progress progress) {
    Path folder = home.downloads().resolve(dataset.toString());
    for (RemoteFile file : dataset.files()) {
      fetch(file, folder, progress);
    }
  }

  /** Fetches one file into a folder, unless it is there, and unpacks it if it has members. */
  public static void fetch(RemoteFile file, Path folder, Progress progress) {
    Path target = folder.resolve(file.name());
    if (file.members().isEmpty()) {
      if (!Files.isRegularFile(target)) {
        AtomicFile.write(target, out -> transfer(file, out, progress));
      }
    } else if (!file.members().stream().allMatch(m -> Files.isRegularFile(folder.resolve(m)))) {
      if (!isComplete(file, target)) {
        AtomicFile.write(target, out -> transfer(file, out, progress));
      }
      TarGz.unpack(target, file.members(), folder);
      delete(target);
    }
  }

  /** Whether an archive is there that only has to be unpacked. */
  private static boolean isComplete(RemoteFile file, Path archive) {
    if (!Files.isRegularFile(archive)) {
      return false;
    }
    try (var in = new DigestInputStream(Files.newInputStream(archive), sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest()).equals(file.sha256());
    } catch (IOException e) {
      throw DataException.unreadable(archive, e);
    }
  }

  private static void transfer(RemoteFile file, WritableByteChannel out, Progress progress) {
    MessageDigest digest = sha256();
    long done = 0;
    try (InputStream in = open(file)) {
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0 && done <= file.bytes(); n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        AtomicFile.writeFully(out, ByteBuffer.wrap(chunk, 0, n));
        done += n;
        progress.update(file.name(), Math.min(done, file.bytes()), file.bytes());
      }
    } catch (IOException e) {
      throw new DataException(
          file.url(), "to fetch the file", e.toString(), "check the network and the free space", e);
    }
    if (done != file.bytes()) {
      throw new DataException(
          file.url(),
          String.format(Locale.ROOT, "%,d bytes", file.bytes()),
          done < file.bytes() ? String.format(Locale.ROOT, "%,d", done) : "more",
          "the transfer was cut off, or the file was changed: try again, or fetch it by hand");
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(file.sha256())) {
      throw new DataException(
          file.url(), "SHA-256 " + file.sha256(), actual, "it was not kept; fetch it by hand");
    }
  }

  /** HttpURLConnection, because its read time-out also holds in the middle of a body. */
  private static InputStream open(RemoteFile file) throws IOException {
    HttpURLConnection connection = connect(file.url());
    int status = connection.getResponseCode();
    // It follows redirects by itself, but not from http to https.
    for (int i = 0; i < MAX_UPGRADES && status / 100 == 3; i++) {
      String location = connection.getHeaderField("Location");
      if (location == null || !location.startsWith("https://")) {
        break;
      }
      connection.disconnect();
      connection = connect(location);
      status = connection.getResponseCode();
    }
    if (status != HttpURLConnection.HTTP_OK) {
      connection.disconnect();
      throw new DataException(
          file.url(), "HTTP status 200", String.valueOf(status), "fetch the file by hand");
    }
    return connection.getInputStream();
  }

  private static HttpURLConnection connect(String url) throws IOException {
    try {
      var connection = (HttpURLConnection) new URI(url).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      return connection;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new DataException(file, "to delete the archive", e.toString(), "delete it by hand", e);
    }
  }
}
