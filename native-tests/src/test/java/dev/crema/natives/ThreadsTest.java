package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several threads, and several devices. */
@OnCpuDriver
final class ThreadsTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 30;

  @Test
  void severalThreadsUseOneDevice() throws InterruptedException, ExecutionException {
    together(Device.cuda(), Device.cuda());
  }

  @Test
  void severalThreadsUseTwoDevices() throws InterruptedException, ExecutionException {
    together(Device.cuda(), Device.cuda(1));
  }

  static void together(Device even, Device odd) throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<float[]>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = i;
        work.add(() -> compute(seed % 2 == 0 ? even : odd, seed));
      }
      List<Future<float[]>> results = pool.invokeAll(work);
      for (int i = 0; i < THREADS; i++) {
        assertThat(results.get(i).get()).isEqualTo(compute(Device.cuda(), i));
      }
    }
  }

  /** Uploads, kernels, products and downloads, over and over. */
  private static float[] compute(Device device, int seed) {
    float[] values = new float[64];
    for (int i = 0; i < 64; i++) {
      values[i] = (seed + 1) * (i % 7 - 3) / 64f;
    }
    for (int round = 0; round < ROUNDS; round++) {
      try (Scope _ = Scope.open("round")) {
        Tensor x = Tensor.copyOf(values, 8, 8).to(device);
        values = x.matmul(x).sub(x).tanh().toFloatArray();
      }
    }
    return values;
  }

  @Test
  void devicesDoNotMixUnasked() {
    try (Scope _ = Scope.open("test")) {
      Tensor a = Tensor.copyOf(new float[] {1, 2}, 2).to(Device.cuda());
      Tensor b = Tensor.copyOf(new float[] {3, 4}, 2).to(Device.cuda(1));
      assertThatThrownBy(() -> a.add(b)).isInstanceOf(DeviceException.class);
      assertThat(a.to(Device.cuda(1)).add(b).toFloatArray()).containsExactly(4, 6);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> Tensor.zeros(2).to(Device.cuda(7)))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuda:7");
  }
}
