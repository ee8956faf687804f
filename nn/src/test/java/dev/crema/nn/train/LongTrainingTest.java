package dev.crema.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Backends;
import dev.crema.backend.MemoryStats;
import dev.crema.cpu.Parallel;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Dropout;
import dev.crema.nn.Flatten;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.nn.init.Init;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.ClipGrad;
import dev.crema.nn.optim.OneCycleLR;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.SGD;
import dev.crema.nn.testing.LiveHeap;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only shows over many steps: leaks, and bits that depend on the number of threads. */
class LongTrainingTest {

  /** Every kind of layer that keeps something: parameters, statistics, a mask. */
  private static Module network(int size) {
    int left = (size - 2) / 2;
    return Init.seeded(
        11,
        () ->
            new Sequential(
                new Conv2d(1, 4, 3),
                new BatchNorm2d(4),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Dropout(0.2),
                new Linear(4 * left * left, 10)));
  }

  private static void step(Module model, Optimizer optimizer, Generator data, int n, int size) {
    try (var _ = Scope.open("step")) {
      Shape shape = Shape.of(n, 1, size, size);
      Tensor x = Tensor.uniform(0, 1, shape, DType.F32, Device.cpu(), data);
      long[] labels = new long[n];
      for (int i = 0; i < n; i++) {
        labels[i] = data.nextInt(10);
      }
      optimizer.zeroGrad();
      new CrossEntropyLoss().call(model.call(x), Tensor.copyOf(labels)).backward();
      ClipGrad.clipGradNorm_(model.parameters(), 5);
      optimizer.step();
    }
  }

  @Test
  void tenThousandStepsHoldNoMoreMemoryThanOneThousand() {
    Generator data = Generator.of(3);
    try (Module model = network(8);
        var optimizer = new Adam(model.parameters())) {
      for (int i = 0; i < 1000; i++) {
        step(model, optimizer, data, 4, 8);
      }
      MemoryStats before = Backends.get(Device.cpu()).memoryStats();
      Map<String, long[]> heapBefore = LiveHeap.histogram();
      for (int i = 0; i < 9000; i++) {
        step(model, optimizer, data, 4, 8);
      }
      MemoryStats after = Backends.get(Device.cpu()).memoryStats();
      assertThat(after.liveBuffers()).isEqualTo(before.liveBuffers());
      assertThat(after.liveBytes()).isEqualTo(before.liveBytes());
      assertThat(after.peakBytes()).isEqualTo(before.peakBytes());
      Map<String, long[]> heapAfter = LiveHeap.histogram();
      // One object kept per step would be 9,000; the slack is for what is made once, late.
      assertThat(LiveHeap.instances(heapAfter, "dev.crema."))
          .isLessThan(LiveHeap.instances(heapBefore, "dev.crema.") + 100);
      // A hundred bytes a step would be 900,000; the slack is for what the JVM itself keeps.
      assertThat(LiveHeap.bytes(heapAfter) - LiveHeap.bytes(heapBefore)).isLessThan(450_000);
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsWithOneThreadAndWithTwo() {
    Map<String, Object> one = trained(1);
    Map<String, Object> two = trained(2);
    assertThat(two.keySet()).isEqualTo(one.keySet());
    two.forEach((name, bits) -> assertThat(bits).as(name).isEqualTo(one.get(name)));
  }

  private static Map<String, Object> trained(int threads) {
    int before = Parallel.numThreads();
    Parallel.setNumThreads(threads);
    try (Module model = network(28);
        var optimizer = new SGD(model.parameters(), 0.05).momentum(0.9).weightDecay(1e-4)) {
      Generator data = Generator.of(5);
      var schedule = new OneCycleLR(optimizer, 0.1, 40);
      for (int i = 0; i < 40; i++) {
        step(model, optimizer, data, 64, 28);
        schedule.step();
      }
      Map<String, Object> bits = new LinkedHashMap<>();
      model.stateDict().forEach((name, t) -> bits.put(name, t.toArray()));
      return bits;
    } finally {
      Parallel.setNumThreads(before);
    }
  }
}
