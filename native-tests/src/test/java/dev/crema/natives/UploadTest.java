package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Backends;
import dev.crema.cuda.Cuda;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.Dataset;
import dev.crema.nn.data.Epoch;
import dev.crema.nn.data.ImageTransform;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Normalize;
import dev.crema.nn.data.PixelDataset;
import dev.crema.nn.data.RandomCrop;
import dev.crema.nn.data.RandomHorizontalFlip;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches on their way to the device beside its compute. The driver runs a stream's work only when
 * something waits for it, so an order that no event holds shows as wrong numbers.
 */
@OnCpuDriver
@Execution(ExecutionMode.SAME_THREAD)
final class UploadTest {
  private static final Device CUDA = Device.cuda();

  /** More floats than the pinned ring holds: sending them waits until most are copied. */
  private static final int BEYOND_THE_RING = 6 << 20;

  private static Transfer send(float value, int n) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return Transfer.start(values, DType.F32, Shape.of(n), CUDA);
  }

  @Test
  void aCopyDoesNotWaitForComputeThatWasIssuedBefore() {
    try (Scope _ = Scope.open("test")) {
      Tensor x = Tensor.full(Shape.of(10), 1, DType.F32, CUDA);
      Cuda.synchronize(CUDA);
      CpuDriver.get().reset();
      for (int i = 0; i < 100; i++) {
        x = x.add(1);
      }
      try (Transfer sent = send(7, BEYOND_THE_RING)) {
        assertThat(CpuDriver.get().launches()).as("kernels that ran").doesNotContainKey("");
        assertThat(sent.arrive().sum().item()).isEqualTo(7f * BEYOND_THE_RING);
        assertThat(x.toFloatArray()).containsOnly(101);
      }
    }
  }

  @Test
  void computeWaitsForTheCopy() {
    try (Scope _ = Scope.open("test");
        Transfer sent = send(3, 1000)) {
      assertThat(sent.arrive().add(1).toFloatArray()).containsOnly(4);
    }
  }

  @Test
  void aCopyWaitsUntilComputeIsDoneWithTheMemory() {
    try (Scope _ = Scope.open("test")) {
      Tensor[] sums = new Tensor[4];
      for (int i = 0; i < sums.length; i++) {
        try (Transfer sent = send(i, BEYOND_THE_RING);
            Tensor x = sent.arrive()) {
          sums[i] = x.sum(); // which has not run when the next copy to the same memory is issued
        }
      }
      for (int i = 0; i < sums.length; i++) {
        assertThat(sums[i].item()).isEqualTo((double) i * BEYOND_THE_RING);
      }
    }
    assertThat(Cuda.memoryByOp(CUDA)).doesNotContainKey("send");
  }

  @Test
  void aCopyKeepsOffMemoryThatACapturedStepReadToItsEnd() {
    try (Scope _ = Scope.open("test")) {
      Transfer sent = send(2, BEYOND_THE_RING);
      Tensor x = sent.arrive();
      Tensor sum;
      try (CapturedStep step = CapturedStep.of(CUDA, _ -> x.sum())) {
        step.run();
        step.run();
        x.close();
        sent.close();
        sum = step.run().add(1); // which has not run when the next copy is issued
      }
      send(5, BEYOND_THE_RING).close();
      assertThat(sum.item()).isEqualTo(2.0 * BEYOND_THE_RING + 1);
    }
  }

  @Test
  void memoryOfUploadsIsUsedAgainByUploadsOnly() {
    Cuda.trim(CUDA);
    try (Scope _ = Scope.open("test")) {
      send(1, 5000).close();
      CpuDriver.get().reset();
      send(1, 5000).close();
      assertThat(CpuDriver.get().calls()).doesNotContainKey("cuMemAlloc_v2");
      Tensor.empty(Shape.of(5000), DType.F32, CUDA);
      assertThat(CpuDriver.get().calls()).containsEntry("cuMemAlloc_v2", 1L);
    }
  }

  @Test
  void whatHasArrivedOrIsClosedDoesNotArrive() {
    try (Scope _ = Scope.open("test");
        Transfer sent = send(1, 3)) {
      sent.arrive();
      assertThatThrownBy(sent::arrive).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void anEventThatFailsWhenMemoryIsClosedIsMadeUpForLater() {
    try (Scope _ = Scope.open("test")) {
      Tensor sum;
      try (Transfer sent = send(2, BEYOND_THE_RING);
          Tensor x = sent.arrive()) {
        sum = x.sum();
        CpuDriver.get().fail("cuEventRecord", 1, 999);
      }
      send(5, BEYOND_THE_RING).close();
      assertThat(sum.item()).isEqualTo(2.0 * BEYOND_THE_RING);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuStreamWaitEvent",
        "cuMemcpyHtoDAsync_v2",
        "cuEventRecord",
        "cuMemAlloc_v2",
        "cuCtxSetCurrent"
      })
  void aFailingCallReachesWhoAsksForTheBatchAndNothingIsLost(String function) {
    DataLoader loader = loader(pixels(), Normalize.MNIST, CUDA, 1);
    drain(loader);
    Cuda.trim(CUDA);
    long before = Backends.get(CUDA).memoryStats().liveBuffers();
    CpuDriver.get().fail(function, 1, 999);
    assertThatThrownBy(() -> drain(loader))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining(function.replace("_v2", ""));
    CpuDriver.get().reset();
    assertThat(Backends.get(CUDA).memoryStats().liveBuffers()).isEqualTo(before);
    assertThat(drain(loader)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void batchesHaveTheBitsThatTheCpuGivesThem(int workers) {
    ImageTransform moves = new RandomHorizontalFlip().then(new RandomCrop(10, 3));
    ImageTransform computes = (image, _, random) -> scaled(image, random.nextDouble());
    for (ImageTransform transform :
        List.of(
            ImageTransform.IDENTITY,
            Normalize.MNIST,
            moves,
            moves.then(Normalize.MNIST),
            computes.then(Normalize.MNIST))) {
      assertThat(drain(loader(pixels(), transform, CUDA, workers)))
          .usingRecursiveComparison()
          .isEqualTo(drain(loader(pixels(), transform, Device.cpu(), workers)));
    }
  }

  private static float[] scaled(float[] image, double by) {
    for (int i = 0; i < image.length; i++) {
      image[i] *= (float) by;
    }
    return image;
  }

  @Test
  void bytesTravelAsBytes() {
    try (Epoch epoch = loader(pixels(), Normalize.MNIST, CUDA, 0).iterator();
        Batch batch = epoch.next()) {
      assertThat(batch.images().dtype()).isEqualTo(DType.F32);
      assertThat(Backends.get(CUDA).memoryStats().pooledBytes()).isPositive();
      assertThat(Cuda.memoryByOp(CUDA)).containsEntry("send", 8L * batch.size()); // the labels
    }
    try (Transfer floats = send(1, 100)) {
      assertThat(floats).isNotNull();
      assertThat(Cuda.memoryByOp(CUDA)).containsEntry("send", 400L);
    }
  }

  @Test
  void anEpochThatIsClosedEarlyLeavesNothing() {
    long before = Backends.get(CUDA).memoryStats().liveBuffers();
    for (int taken = 0; taken < 3; taken++) {
      try (Epoch epoch = loader(pixels(), Normalize.MNIST, CUDA, 2).iterator()) {
        for (int i = 0; i < taken; i++) {
          epoch.next().close();
        }
      }
      assertThat(Backends.get(CUDA).memoryStats().liveBuffers()).isEqualTo(before);
    }
  }

  private static DataLoader loader(
      Dataset images, ImageTransform transform, Device device, int workers) {
    return new DataLoader(
        images,
        LoaderOptions.DEFAULT
            .batchSize(8)
            .shuffle(1)
            .workers(workers)
            .transform(transform)
            .device(device));
  }

  private static Dataset pixels() {
    byte[] pixels = new byte[30 * 12 * 12];
    new Random(5).nextBytes(pixels);
    return PixelDataset.wrap("noise", Shape.of(1, 12, 12), pixels, new int[30], List.of("noise"));
  }

  /** The pixels of every batch. */
  private static List<float[]> drain(DataLoader loader) {
    List<float[]> all = new ArrayList<>();
    for (Batch batch : loader) {
      try (batch) {
        assertThat(batch.labels().device()).isEqualTo(loader.options().device());
        all.add(batch.images().toFloatArray());
      }
    }
    return all;
  }
}
