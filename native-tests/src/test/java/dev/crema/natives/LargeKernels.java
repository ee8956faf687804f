package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.nn.optim.Adam;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Kernels at sizes where they go other ways than in the conformance suite: lines cut into segments,
 * sorts of several tiles, more parameters than one launch takes.
 */
abstract class LargeKernels {
  private static final Device CUDA = Device.cuda();

  private static Tensor normal(DType dtype, Device device, long... shape) {
    return Tensor.normal(0, 1, Shape.of(shape), dtype, device, Generator.of(5));
  }

  @Test
  void drawsAreTheCpusBits() {
    try (Scope _ = Scope.open("draws")) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        assertThat(normal(dtype, CUDA, 1_000_003).toDoubleArray())
            .isEqualTo(normal(dtype, Device.cpu(), 1_000_003).toDoubleArray());
      }
    }
  }

  @Test
  void sumsOfManyRoundOnce() {
    try (Scope _ = Scope.open("sums")) {
      float[] tenths = new float[3_000_001];
      Arrays.fill(tenths, 0.1f);
      Tensor x = Tensor.copyOf(tenths).to(CUDA);
      assertThat(x.sum().item()).isEqualTo((float) (0.1f * 3_000_001.0));
      tenths[7] = Float.POSITIVE_INFINITY;
      assertThat(Tensor.copyOf(tenths).to(CUDA).sum().item()).isEqualTo(Double.POSITIVE_INFINITY);
      tenths[2_000_000] = Float.NaN;
      assertThat(Tensor.copyOf(tenths).to(CUDA).max().item()).isNaN();
    }
  }

  /** The last segment ends where an int does. */
  @Test
  void aSumOfAsManyAsThereCanBe() {
    try (Scope _ = Scope.open("most")) {
      Tensor one = Tensor.full(Shape.of(1), 1, DType.U8, CUDA);
      assertThat(one.expand(Shape.of(Integer.MAX_VALUE)).sum().item()).isEqualTo(Integer.MAX_VALUE);
    }
  }

  /** More than a grid has rows. */
  @Test
  void aBatchOfManyProducts() {
    try (Scope _ = Scope.open("batch")) {
      int batch = 70_001;
      int[] whole = IntStream.range(0, batch * 4).map(i -> i * 7919 % 17 - 8).toArray();
      Tensor x = Tensor.copyOf(whole, batch, 2, 2).to(DType.F32);
      Tensor y = x.to(CUDA);
      assertThat(y.matmul(y).toFloatArray()).isEqualTo(x.matmul(x).toFloatArray());
    }
  }

  @Test
  void sumsOverRowsAndColumnsOfAnyLayout() {
    try (Scope _ = Scope.open("layouts")) {
      int[] whole = IntStream.range(0, 40 * 300 * 50).map(i -> i * 7919 % 101 - 50).toArray();
      Tensor x = Tensor.copyOf(whole, 40, 300, 50);
      for (int[] dims : new int[][] {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}}) {
        for (int[] order : new int[][] {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
          assertThat(x.to(CUDA).permute(order).sum(dims).toLongArray())
              .isEqualTo(x.permute(order).sum(dims).toLongArray());
        }
      }
    }
  }

  @Test
  void copiesTurnRowsIntoColumns() {
    try (Scope _ = Scope.open("turns")) {
      for (DType dtype : new DType[] {DType.U8, DType.F32, DType.I64}) {
        int[] whole = IntStream.range(0, 3 * 33 * 2 * 70).map(i -> i * 7919 % 251).toArray();
        Tensor x = Tensor.copyOf(whole, 3, 33, 2, 70).to(dtype);
        for (int[] order : new int[][] {{0, 3, 2, 1}, {3, 0, 1, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}}) {
          assertThat(x.to(CUDA).permute(order).contiguous().to(DType.I64).toLongArray())
              .isEqualTo(x.permute(order).contiguous().to(DType.I64).toLongArray());
        }
        assertRan("move_turned_" + dtype.bytes());
      }
    }
  }

  @Test
  void scatterAddSortsManyEntries() {
    try (Scope _ = Scope.open("scatter")) {
      int entries = 9_001;
      int rows = 700;
      long[] index =
          IntStream.range(0, entries).mapToLong(i -> (long) i * i % 1009 % rows).toArray();
      for (long columns : new long[] {1, 3}) {
        Tensor source = normal(DType.F32, Device.cpu(), entries, columns);
        Tensor at = Tensor.copyOf(index, entries, 1).expand(Shape.of(entries, columns));
        Tensor table = normal(DType.F32, Device.cpu(), rows, columns);
        float[] expected = table.scatterAdd(0, at, source).toFloatArray();
        Tensor cudaAt =
            Tensor.copyOf(index, entries, 1).to(CUDA).expand(Shape.of(entries, columns));
        float[] got = table.to(CUDA).scatterAdd(0, cudaAt, source.to(CUDA)).toFloatArray();
        assertThat(got).isEqualTo(expected);
        Tensor dense = cudaAt.contiguous();
        assertThat(table.to(CUDA).scatterAdd(0, dense, source.to(CUDA)).toFloatArray())
            .isEqualTo(expected);
      }
      assertRan("sort_step");
    }
  }

  @Test
  void momentsFarFromZero() {
    try (Scope _ = Scope.open("moments")) {
      for (long[] shape : new long[][] {{3, 4, 90_000}, {70_000, 5}}) {
        Tensor x = normal(DType.F64, Device.cpu(), shape).add(1e6);
        Tensor mean = Tensor.zeros(Shape.of(shape[1]), DType.F64, CUDA);
        Tensor var = Tensor.zeros(Shape.of(shape[1]), DType.F64, CUDA);
        x.to(CUDA).batchNormTraining(null, null, mean, var, 1, 1e-5);
        int[] others = shape.length == 3 ? new int[] {0, 2} : new int[] {0};
        double[] means = x.mean(others).toDoubleArray();
        double[] vars = x.sub(x.mean(true, others)).square().sum(others).toDoubleArray();
        double count = (double) x.numel() / shape[1] - 1;
        for (int c = 0; c < shape[1]; c++) {
          assertThat(mean.toDoubleArray()[c]).isCloseTo(means[c], within(1e-8));
          assertThat(var.toDoubleArray()[c]).isCloseTo(vars[c] / count, within(1e-8));
        }
      }
      assertRan("moments_f64");
    }
  }

  @Test
  void aStepOfMoreParametersThanALaunchTakes() {
    try (Scope _ = Scope.open("steps")) {
      List<Tensor> cpu = new ArrayList<>();
      List<Tensor> cuda = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        Tensor p = normal(DType.F32, Device.cpu(), i % 7 == 0 ? 5_000 + i : i);
        cpu.add(parameter(p));
        cuda.add(parameter(p.to(CUDA)));
      }
      new Adam(cpu, 1e-2).step();
      new Adam(cuda, 1e-2).step();
      for (int i = 0; i < cpu.size(); i++) {
        assertThat(cuda.get(i).toFloatArray())
            .containsExactly(cpu.get(i).toFloatArray(), within(1e-6f));
      }
    }
  }

  /** Checks that this kernel ran, where that can be told. */
  abstract void assertRan(String kernel);

  /** A leaf whose gradient is its half. */
  private static Tensor parameter(Tensor value) {
    Tensor p = value.copy().requiresGrad_();
    p.setGrad(value.mul(0.5));
    return p;
  }
}
