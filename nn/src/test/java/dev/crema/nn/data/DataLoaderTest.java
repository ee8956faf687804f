package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Backends;
import dev.crema.nn.io.DataException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
  private static final LoaderOptions OPTIONS = LoaderOptions.DEFAULT.batchSize(8);
  private static final ImageTransform AUGMENT =
      new RandomHorizontalFlip().then(new RandomCrop(28, 4)).then(Normalize.MNIST);

  /**
   * Images of one pixel whose value and label are the index; index {@code broken} cannot be read.
   */
  private record Counting(int size, int broken) implements Dataset {
    @Override
    public Shape imageShape() {
      return Shape.of(1, 1, 1);
    }

    @Override
    public List<String> classNames() {
      return IntStream.range(0, size).mapToObj(String::valueOf).toList();
    }

    @Override
    public int label(int index) {
      return index;
    }

    @Override
    public void read(int index, float[] target, int offset) {
      if (index == broken) {
        throw new DataException("sample " + index, "a good sample", "a broken one", "mend it");
      }
      if (index % 7 == 0) {
        Thread.yield();
      }
      target[offset] = index;
    }
  }

  private static Dataset counting(int size) {
    return new Counting(size, -1);
  }

  /** The labels of every batch, in order. */
  private static List<List<Integer>> labels(Iterable<Batch> epoch) {
    var all = new ArrayList<List<Integer>>();
    for (Batch batch : epoch) {
      try (batch) {
        assertThat(batch.images().toFloatArray()).isEqualTo(asFloats(batch.labels().toLongArray()));
        all.add(Arrays.stream(batch.labels().toIntArray()).boxed().toList());
      }
    }
    return all;
  }

  private static float[] asFloats(long[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  /**
   * Those that do not end at once: a pool says that it has ended a moment before its threads do.
   */
  private static long loaderThreads() {
    for (int i = 0; i < 50 && liveLoaderThreads() > 0; i++) {
      LockSupport.parkNanos(10_000_000);
    }
    return liveLoaderThreads();
  }

  private static long liveLoaderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.isAlive() && t.getName().startsWith("crema-loader-"))
        .count();
  }

  @AfterEach
  void noThreadIsLeft() {
    assertThat(loaderThreads()).isZero();
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {0, 1, 3})
  void withoutShufflingSamplesComeInOrder(int workers) {
    var loader = new DataLoader(counting(20), OPTIONS.workers(workers));
    assertThat(loader.batches()).isEqualTo(3);
    assertThat(loader.samples()).isEqualTo(20);
    assertThat(labels(loader))
        .containsExactly(
            List.of(0, 1, 2, 3, 4, 5, 6, 7),
            List.of(8, 9, 10, 11, 12, 13, 14, 15),
            List.of(16, 17, 18, 19));
  }

  @Test
  void dropLastLeavesOutTheRest() {
    var loader = new DataLoader(counting(20), OPTIONS.dropLast(true));
    assertThat(loader.batches()).isEqualTo(2);
    assertThat(loader.samples()).isEqualTo(16);
    assertThat(labels(loader)).hasSize(2).allMatch(batch -> batch.size() == 8);
    assertThat(labels(new DataLoader(counting(7), OPTIONS.dropLast(true)))).isEmpty();
  }

  @Test
  void shufflingTakesEverySampleOnceInAnotherOrderEachEpoch() {
    var loader = new DataLoader(counting(1000), OPTIONS.shuffle(5));
    List<Integer> first = labels(loader).stream().flatMap(List::stream).toList();
    List<Integer> second = labels(loader).stream().flatMap(List::stream).toList();
    assertThat(first).isNotEqualTo(second).doesNotHaveDuplicates().hasSize(1000);
    assertThat(second).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void anEpochDependsOnTheSeedAndItsNumberAlone() {
    var loader = new DataLoader(counting(100), OPTIONS.shuffle(5));
    var all = List.of(labels(loader), labels(loader), labels(loader));
    var resumed = new DataLoader(counting(100), OPTIONS.shuffle(5));
    assertThat(labels(resumed.epoch(1))).isEqualTo(all.get(1));
    assertThat(labels(resumed)).as("goes on with epoch 2").isEqualTo(all.get(2));
    assertThat(labels(new DataLoader(counting(100), OPTIONS.shuffle(6)))).isNotEqualTo(all.get(0));
  }

  @Test
  void workersDoNotChangeASingleBit() {
    Dataset digits = Strokes.generate(Split.TRAIN, 0, 300);
    List<float[]> alone = pixels(digits, 0);
    for (int workers : new int[] {1, 2, 4}) {
      List<float[]> together = pixels(digits, workers);
      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i)).as("%d workers, batch %d", workers, i).isEqualTo(alone.get(i));
      }
    }
  }

  private static List<float[]> pixels(Dataset digits, int workers) {
    var options = OPTIONS.batchSize(32).shuffle(1).workers(workers).transform(AUGMENT);
    var loader = new DataLoader(digits, options);
    var batches = new ArrayList<float[]>();
    for (int epoch = 0; epoch < 2; epoch++) {
      for (Batch batch : loader) {
        try (batch) {
          batches.add(batch.images().toFloatArray());
        }
      }
    }
    return batches;
  }

  @Test
  void augmentationDiffersFromEpochToEpoch() {
    Dataset digits = Strokes.generate(Split.TRAIN, 0, 8);
    var loader = new DataLoader(digits, OPTIONS.transform(AUGMENT));
    try (Batch first = loader.iterator().next();
        Batch second = loader.iterator().next()) {
      assertThat(first.images().toFloatArray()).isNotEqualTo(second.images().toFloatArray());
      assertThat(first.labels().toLongArray()).isEqualTo(second.labels().toLongArray());
    }
  }

  @Test
  void aBatchIsTwoTensorsOfTheTransformedShape() {
    Dataset digits = Strokes.generate(Split.TRAIN, 0, 10);
    var options = OPTIONS.transform(new RandomCrop(24, 0));
    try (Epoch epoch = new DataLoader(digits, options).iterator();
        Batch batch = epoch.next()) {
      assertThat(batch.size()).isEqualTo(8);
      assertThat(batch.images().shape()).isEqualTo(Shape.of(8, 1, 24, 24));
      assertThat(batch.images().dtype()).isEqualTo(DType.F32);
      assertThat(batch.labels().shape()).isEqualTo(Shape.of(8));
      assertThat(batch.labels().dtype()).isEqualTo(DType.I64);
    }
  }

  @Test
  void aBatchBelongsToItselfAndNotToAScope() {
    try (Epoch epoch = new DataLoader(counting(20), OPTIONS).iterator()) {
      long before = Backends.get(Device.cpu()).memoryStats().liveBuffers();
      Batch batch;
      try (var scope = Scope.open("step")) {
        batch = epoch.next();
      }
      assertThat(batch.images().toFloatArray()).hasSize(8);
      batch.close();
      assertThat(batch.images().isClosed()).isTrue();
      assertThat(Backends.get(Device.cpu()).memoryStats().liveBuffers()).isEqualTo(before);
    }
  }

  @ParameterizedTest(name = "{0} workers")
  @ValueSource(ints = {0, 1, 3})
  void anErrorComesOutWhereItsBatchIsDue(int workers) {
    var loader = new DataLoader(new Counting(40, 19), OPTIONS.workers(workers));
    Epoch epoch = loader.iterator();
    epoch.next().close();
    epoch.next().close();
    assertThatThrownBy(epoch::next)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("sample 19");
    assertThat(epoch.hasNext()).isFalse();
    assertThatThrownBy(epoch::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingEarlyEndsTheThreads() {
    for (int taken = 0; taken < 4; taken++) {
      Epoch epoch = new DataLoader(counting(1000), OPTIONS.workers(3)).iterator();
      for (int i = 0; i < taken; i++) {
        epoch.next().close();
      }
      epoch.close();
      epoch.close();
      assertThat(loaderThreads()).isZero();
      assertThat(epoch.hasNext()).isFalse();
    }
  }

  @Test
  void anEpochThatIsJustDroppedEndsItsThreadsToo() throws InterruptedException {
    for (Batch batch : new DataLoader(counting(1000), OPTIONS.workers(2))) {
      batch.close();
      break;
    }
    for (int i = 0; i < 100 && loaderThreads() > 0; i++) {
      Thread.sleep(100);
    }
    assertThat(loaderThreads()).isZero();
  }

  /** Its samples cannot be read before {@code gate} opens. */
  private record Gated(Dataset inner, CountDownLatch gate) implements Dataset {
    @Override
    public int size() {
      return inner.size();
    }

    @Override
    public Shape imageShape() {
      return inner.imageShape();
    }

    @Override
    public List<String> classNames() {
      return inner.classNames();
    }

    @Override
    public int label(int index) {
      return inner.label(index);
    }

    @Override
    public void read(int index, float[] target, int offset) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      inner.read(index, target, offset);
    }
  }

  @Test
  void closingWakesWhoWaitsForABatchThatNoWorkerHasBegun() throws Exception {
    var gate = new CountDownLatch(1);
    Epoch epoch =
        new DataLoader(new Gated(counting(100), gate), OPTIONS.workers(1).prefetch(4)).iterator();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // The only worker is stuck in the first batch, so the second waits in the queue.
      var first = new FutureTask<>(epoch::next);
      var second = new FutureTask<>(epoch::next);
      for (var consumer : List.of(first, second)) {
        Thread thread = Thread.ofPlatform().daemon().start(consumer);
        while (thread.getState() != Thread.State.WAITING) {
          Thread.sleep(1);
        }
      }
      var closing = threads.submit(epoch::close);
      try {
        assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(CancellationException.class)
            .hasMessageContaining("closed by another thread");
      } finally {
        gate.countDown();
      }
      closing.get(20, TimeUnit.SECONDS);
      assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
          .hasMessageContaining("closed by another thread");
    }
  }

  @Test
  void anInterruptedConsumerStopsWaiting() {
    var loader = new DataLoader(counting(1000), OPTIONS);
    Epoch epoch = loader.iterator();
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> {
              while (epoch.hasNext()) {
                epoch.next().close();
              }
            })
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    epoch.close();
  }

  @Test
  void subsetsAreDataSetsToo() {
    assertThat(labels(new DataLoader(counting(100).limit(3), OPTIONS)))
        .containsExactly(List.of(0, 1, 2));
    assertThat(labels(new DataLoader(counting(100).slice(97, 100), OPTIONS)))
        .containsExactly(List.of(97, 98, 99));
    assertThat(labels(new DataLoader(Subset.of(counting(9), 4, 4, 8), OPTIONS)))
        .containsExactly(List.of(4, 4, 8));
    assertThat(counting(5).limit(9).size()).isEqualTo(5);
    assertThatThrownBy(() -> counting(5).limit(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Subset.of(counting(5), 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void whatCannotWorkIsRefusedAtOnce() {
    assertThatThrownBy(() -> OPTIONS.batchSize(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OPTIONS.workers(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DataLoader(counting(3), OPTIONS.transform(Normalize.CIFAR10)))
        .isInstanceOf(ShapeException.class);
  }
}
