package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.peers.lib.Contender;
import dev.crema.bench.peers.lib.Library;
import dev.crema.bench.peers.lib.Peer;
import dev.crema.bench.peers.net.Net;
import dev.crema.bench.peers.task.ConvTask;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.Task;
import dev.crema.bench.peers.task.TrainTask;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Crema and each library that runs here compute the same. */
class PeersAgreeTest {
  private static final Map<Library, Library.Loaded> LOADED = new EnumMap<>(Library.class);

  private static Peer peer(Library library) {
    Library.Loaded loaded = LOADED.computeIfAbsent(library, Library::load);
    assumeTrue(loaded.peer() != null, () -> library.label() + ": " + loaded.reason());
    return Objects.requireNonNull(loaded.peer());
  }

  private static void agree(Library library, Task task) {
    for (int threads : new int[] {1, 2}) {
      try (Contender crema = contender(peer(Library.CREMA), threads, task);
          Contender other = contender(peer(library), threads, task)) {
        for (int round = 0; round < task.rounds(); round++) {
          List<float[]> expected = crema.compute();
          assertThat(expected).isNotEmpty().allSatisfy(a -> assertThat(a).isNotEmpty());
          assertThat(Equality.difference(expected, other.compute(), task.tolerance()))
              .as("%s on %d threads, round %d", library, threads, round)
              .isEmpty();
        }
        crema.run();
        other.run();
      }
    }
  }

  private static Contender contender(Peer peer, int threads, Task task) {
    peer.setThreads(threads);
    return Objects.requireNonNull(peer.contender(task), () -> peer.name() + " has no " + task);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBTORCH", "OPENBLAS", "ND4J"})
  void products(Library library) {
    agree(library, GemmTask.of(7, 5, 3));
    agree(library, GemmTask.of(1, 19, 33));
  }

  @ParameterizedTest
  @EnumSource(names = "VECTOR_BLAS")
  void productsOnOneThread(Library library) {
    Peer blas = peer(library);
    GemmTask task = GemmTask.of(7, 5, 3);
    try (Contender crema = contender(peer(Library.CREMA), 1, task);
        Contender other = contender(blas, 1, task)) {
      assertThat(Equality.difference(crema.compute(), other.compute(), task.tolerance())).isEmpty();
    }
    blas.setThreads(2);
    assertThat(blas.contender(task)).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBTORCH", "ONNX_RUNTIME"})
  void convolutions(Library library) {
    agree(library, conv("mb2ic3ih9oc4kh3ph1", false));
    agree(library, conv("mb2ic3ih11iw8oc4kh3kw2sh2sw1ph2pw0dh1dw0", false));
    agree(library, conv("mb3g2ic4ih6oc6kh3", false));
  }

  @ParameterizedTest
  @EnumSource(names = "LIBTORCH")
  void gradientsOfConvolutions(Library library) {
    agree(library, conv("mb2ic3ih9oc4kh3ph1", true));
    agree(library, conv("mb3g2ic4ih6oc6kh3sh2", true));
  }

  private static Task conv(String problem, boolean backward) {
    return ConvTask.of(ConvProblem.parse(problem), backward);
  }

  @ParameterizedTest
  @EnumSource(names = "LIBTORCH")
  void training(Library library) {
    agree(library, TrainTask.of(Net.LENET, 4));
    // Of two images only, batch norm takes rounding a thousand times further.
    agree(library, TrainTask.of(Net.RESNET18, 8));
  }

  @ParameterizedTest
  @EnumSource(names = {"LIBTORCH", "ONNX_RUNTIME"})
  void inference(Library library) {
    agree(library, InferTask.of(Net.LENET, 3));
    agree(library, InferTask.of(Net.ALEXNET, 1));
    agree(library, InferTask.of(Net.RESNET18, 1));
  }
}
