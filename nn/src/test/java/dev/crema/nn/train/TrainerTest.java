package dev.crema.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Flatten;
import dev.crema.nn.Linear;
import dev.crema.nn.Module;
import dev.crema.nn.Sequential;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Split;
import dev.crema.nn.data.Strokes;
import dev.crema.nn.init.Init;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The loop, its figures, and when it stops. */
class TrainerTest {

  @Test
  void leNetLearnsTheDrawnDigits() {
    var train =
        new DataLoader(
            Strokes.generate(Split.TRAIN, 7, 2000), LoaderOptions.DEFAULT.batchSize(50).shuffle(1));
    var test =
        new DataLoader(Strokes.generate(Split.TEST, 7, 500), LoaderOptions.DEFAULT.batchSize(100));
    try (Module model = Init.seeded(1, () -> new LeNet())) {
      var trainer = new Trainer(model, new CrossEntropyLoss(), new Adam(model.parameters(), 2e-3));
      double before = trainer.evaluate(test).accuracy();
      assertThat(before).isLessThan(0.3);
      trainer.train(train);
      Metrics second = trainer.train(train);
      assertThat(second.count()).isEqualTo(2000);
      Metrics after = trainer.evaluate(test);
      assertThat(after.accuracy()).isGreaterThan(0.9);
      assertThat(after.loss()).isLessThan(0.4);
    }
  }

  @Test
  void metricsCountSamplesNotBatches() {
    var metrics = new Metrics();
    Tensor scores = Tensor.copyOf(new float[] {2, 1, 0, 3, 5, 4}, 3, 2);
    metrics.add(Tensor.copyOf(new float[] {1}), scores, Tensor.copyOf(new long[] {0, 1, 1}));
    metrics.add(
        Tensor.copyOf(new float[] {5}), scores.slice(0, 0, 1), Tensor.copyOf(new long[] {0}));
    assertThat(metrics.loss()).isEqualTo(2);
    assertThat(metrics.accuracy()).isEqualTo(0.75);
    assertThat(metrics).hasToString("loss 2.0000, accuracy 75.00% (3/4)");
    assertThat(metrics.samplesPerSecond()).isCloseTo(4 / metrics.seconds(), within(1e-9));
  }

  @Test
  void metricsAreTheSameWhetherTheyAreReadAtEachBatchOrAtTheEnd() {
    var trainer = linear();
    Iterable<Batch> batches = batches(37);

    Generator.manualSeed(1);
    Metrics late = trainer.evaluate(batches);
    Generator.manualSeed(1);
    List<Double> losses = new ArrayList<>();
    Metrics early = trainer.afterBatch(m -> losses.add(m.loss())).evaluate(batches);

    assertThat(losses).hasSize(37);
    assertThat(late.count()).isEqualTo(37 * 38 / 2);
    assertThat(late.loss()).isEqualTo(early.loss()).isEqualTo(losses.getLast());
    assertThat(late.correct()).isEqualTo(early.correct());
  }

  @Test
  void noBatchWaitsForTheDeviceUntilItsLossIsAskedFor() {
    var trainer = linear();
    var reads = new AtomicInteger();
    List<Integer> atEach = new ArrayList<>();
    Backends.watch(Device.cpu(), backend -> counting(backend, "download", reads));
    try {
      trainer.afterBatch(m -> atEach.add(reads.get())).evaluate(batches(5));
    } finally {
      Backends.unwatch(Device.cpu());
    }
    assertThat(atEach).containsOnly(0).hasSize(5);
    assertThat(reads).as("a loss and a count of each, at the end").hasValue(10);
  }

  @Test
  void aPassThatFailsKeepsNothing() {
    var trainer = linear();
    trainer.evaluate(batches(2));
    long before = Backends.get(Device.cpu()).memoryStats().liveBuffers();
    trainer.afterBatch(
        m -> {
          if (m.count() == 6) {
            throw new IllegalArgumentException("enough");
          }
        });
    assertThatIllegalArgumentException().isThrownBy(() -> trainer.evaluate(batches(5)));
    assertThat(Backends.get(Device.cpu()).memoryStats().liveBuffers()).isLessThanOrEqualTo(before);
  }

  private static Trainer linear() {
    Module model = new Sequential(new Flatten(), new Linear(4, 2));
    return new Trainer(model, new CrossEntropyLoss(), new SGD(model.parameters(), 0.1));
  }

  /** Of 1, 2, 3 and so on images, made when they are asked for. */
  private static Iterable<Batch> batches(int count) {
    return () -> IntStream.rangeClosed(1, count).mapToObj(TrainerTest::batch).iterator();
  }

  private static Backend counting(Backend backend, String method, AtomicInteger calls) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, m, arguments) -> {
              if (m.getName().equals(method)) {
                calls.incrementAndGet();
              }
              return m.invoke(backend, arguments);
            });
  }

  @Test
  void theTrainerSetsModesClosesBatchesAndReportsEachOne() {
    Module model = new Sequential(new Flatten(), new Linear(4, 2));
    var sgd = new SGD(model.parameters(), 0.1);
    List<Long> seen = new ArrayList<>();
    List<Boolean> modes = new ArrayList<>();
    var trainer =
        new Trainer(model, new CrossEntropyLoss(), sgd)
            .afterBatch(
                m -> {
                  seen.add(m.count());
                  modes.add(model.isTraining());
                });
    List<Batch> batches = List.of(batch(3), batch(2));
    trainer.train(batches);
    assertThat(seen).containsExactly(3L, 5L);
    assertThat(batches).allMatch(b -> b.images().isClosed() && b.labels().isClosed());
    trainer.evaluate(List.of(batch(1)));
    assertThat(modes).as("training mode at each batch").containsExactly(true, true, false);
    assertThat(model.isTraining()).as("as it was before evaluate").isTrue();
  }

  @Test
  void clippingLimitsTheStep() {
    var layer = new Linear(4, 2);
    var model = new Sequential(new Flatten(), layer);
    double[] before = layer.weight().toDoubleArray();
    new Trainer(model, new CrossEntropyLoss(), new SGD(model.parameters(), 1))
        .clipGradNorm(1e-3)
        .train(List.of(batch(3)));
    double[] after = layer.weight().toDoubleArray();
    double squares = 0;
    for (int i = 0; i < after.length; i++) {
      squares += (after[i] - before[i]) * (after[i] - before[i]);
    }
    assertThat(Math.sqrt(squares)).isPositive().isLessThan(1.1e-3);
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefusedWhenSet() {
    var model = new Sequential(new Flatten(), new Linear(4, 2));
    var trainer =
        new Trainer(model, new CrossEntropyLoss(), new SGD(model.parameters(), 1)).graphs(true);
    assertThatExceptionOfType(UnsupportedOpException.class)
        .isThrownBy(() -> trainer.clipGradNorm(1))
        .withMessageContaining("clipGradNorm(1.0)");
    trainer.graphs(false).clipGradNorm(1);
    assertThatExceptionOfType(UnsupportedOpException.class)
        .isThrownBy(() -> trainer.graphs(true))
        .withMessageContaining("clipGradNorm(1.0)");
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> trainer.autocast(DType.F64))
        .withMessageContaining("expected f16, bf16 or f32, got f64");
  }

  private static Batch batch(int n) {
    return new Batch(Tensor.rand(n, 1, 2, 2), Tensor.copyOf(new long[n]));
  }

  @Test
  void earlyStoppingWaitsForItsPatience() {
    var stopping = new EarlyStopping(2, 0.1);
    assertThat(stopping.shouldStop(1.0)).isFalse();
    assertThat(stopping.isBest()).isTrue();
    assertThat(stopping.shouldStop(0.95)).isFalse(); // not enough below
    assertThat(stopping.isBest()).isFalse();
    assertThat(stopping.shouldStop(0.8)).isFalse();
    assertThat(stopping.shouldStop(0.9)).isFalse();
    assertThat(stopping.shouldStop(0.75)).isTrue();
    assertThat(stopping.best()).isEqualTo(0.8);
  }
}
