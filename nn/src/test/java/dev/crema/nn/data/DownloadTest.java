package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.crema.nn.io.DataException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  @TempDir Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private byte[] body = new byte[0];

  @BeforeEach
  void start() throws IOException {
    body = new byte[300_000];
    new Random(3).nextBytes(body);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/data/file.gz",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    redirect("/moved", "/data/file.gz");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private RemoteFile remote(String path, long bytes, String sha256, String... members) {
    String url = "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    return new RemoteFile(url, bytes, sha256, List.of(members));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fetchesOnceWithProgress() throws IOException {
    RemoteFile file = remote("/data/file.gz", body.length, sha256(body));
    var progress = new ArrayList<Long>();
    for (int i = 0; i < 2; i++) {
      Download.fetch(
          file,
          folder.resolve("new"),
          (name, done, total) -> {
            assertThat(name).isEqualTo("file.gz");
            assertThat(total).isEqualTo(body.length);
            progress.add(done);
          });
    }
    assertThat(Files.readAllBytes(folder.resolve("new/file.gz"))).isEqualTo(body);
    assertThat(progress).isSorted().endsWith((long) body.length);
    assertThat(requests).hasValue(1);
  }

  @Test
  void followsARedirect() {
    RemoteFile file = remote("/moved", body.length, sha256(body));
    Download.fetch(file, folder, (_, _, _) -> {});
    assertThat(folder.resolve("moved")).hasBinaryContent(body);
  }

  @Test
  void followsARedirectToHttpsButToNoOtherProtocol() throws IOException {
    // Nobody listens there: that the connection is refused tells that it was tried.
    try (var reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      redirect("/secure", "https://127.0.0.1:" + reserved.getLocalPort() + "/file.gz");
    }
    redirect("/elsewhere", "ftp://127.0.0.1/file.gz");
    assertFails(remote("/secure", 5, sha256(body)), "Connection refused");
    assertFails(remote("/elsewhere", 5, sha256(body)), "got 302");
  }

  private void redirect(String path, String location) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  @Test
  void aWrongChecksumLeavesNothing() {
    assertFails(remote("/data/file.gz", body.length, "0".repeat(64)), "SHA-256 000000");
  }

  @Test
  void aWrongLengthLeavesNothing() {
    assertFails(remote("/data/file.gz", body.length + 1, sha256(body)), "300,001 bytes");
    assertFails(remote("/data/file.gz", 1000, sha256(body)), "got more");
  }

  @Test
  void aServerThatSaysNoIsExplained() {
    assertFails(remote("/nothing", 5, sha256(body)), "got 404");
  }

  @Test
  void aServerThatIsNotThereIsExplained() {
    RemoteFile file = remote("/data/file.gz", 5, sha256(body));
    server.stop(0);
    assertFails(file, "check the network");
  }

  private void assertFails(RemoteFile file, String message) {
    assertThatThrownBy(() -> Download.fetch(file, folder, (_, _, _) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.url())
        .hasMessageContaining(message)
        .hasMessageContaining(". Hint: ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anArchiveIsUnpackedAndRemoved() {
    byte[] first = Cifar10Test.records(1, 2);
    body = IdxTest.gzip(TarGzTest.tar("cifar/first.bin", first, "cifar/readme", new byte[700]));
    RemoteFile file = remote("/data/file.gz", body.length, sha256(body), "first.bin");
    Download.fetch(file, folder, (_, _, _) -> {});
    assertThat(folder.resolve("first.bin")).hasBinaryContent(first);
    assertThat(folder.toFile().list()).containsExactly("first.bin");
    Download.fetch(file, folder, (_, _, _) -> {});
    assertThat(requests).as("not fetched again").hasValue(1);
  }

  @Test
  void anArchiveThatCouldNotBeUnpackedStaysAndIsNotFetchedAgain() throws IOException {
    byte[] first = Cifar10Test.records(1, 2);
    body = IdxTest.gzip(TarGzTest.tar("cifar/first.bin", first, "cifar/readme", new byte[700]));
    RemoteFile file = remote("/data/file.gz", body.length, sha256(body), "first.bin");
    Path obstacle = Files.createDirectories(folder.resolve("first.bin/in the way"));
    assertThatThrownBy(() -> Download.fetch(file, folder, (_, _, _) -> {}))
        .isInstanceOf(DataException.class);
    assertThat(folder.resolve("file.gz")).hasBinaryContent(body);

    Files.delete(obstacle);
    Files.delete(obstacle.getParent());
    Download.fetch(file, folder, (_, _, _) -> {});
    assertThat(folder.toFile().list()).containsExactly("first.bin");
    assertThat(requests).hasValue(1);
  }

  @Test
  void anArchiveThatIsNotWhatItShouldBeIsFetchedAgain() throws IOException {
    byte[] first = Cifar10Test.records(1, 2);
    body = IdxTest.gzip(TarGzTest.tar("cifar/first.bin", first, "cifar/readme", new byte[700]));
    RemoteFile file = remote("/data/file.gz", body.length, sha256(body), "first.bin");
    Files.write(folder.resolve("file.gz"), new byte[] {1, 2, 3});
    Download.fetch(file, folder, (_, _, _) -> {});
    assertThat(folder.resolve("first.bin")).hasBinaryContent(first);
    assertThat(requests).hasValue(1);
  }

  @Test
  void everyKnownFileHasANameAndALength() {
    for (KnownDataset dataset : KnownDataset.values()) {
      assertThat(dataset.files()).isNotEmpty();
      for (RemoteFile file : dataset.files()) {
        assertThat(file.name()).endsWith(".gz");
        assertThat(file.bytes()).isPositive();
      }
    }
  }
}
