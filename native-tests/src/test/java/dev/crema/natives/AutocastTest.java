package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Gradcheck;
import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backends;
import dev.crema.cuda.Cuda;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.Linear;
import dev.crema.nn.MSELoss;
import dev.crema.nn.Module;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which ops autocast computes in which dtype, and what it keeps of parameters. */
@OnCpuDriver
final class AutocastTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void productsAndConvolutionsAreLowAndLossesWide(DType half) {
    Tensor x = random(4, 3, 6, 6);
    Tensor w = random(8, 3, 3, 3);
    Tensor a = random(4, 5);
    try (var _ = Autocast.open(half)) {
      Tensor y = x.conv2d(w, null, Conv2dOptions.DEFAULT);
      assertThat(y.dtype()).isEqualTo(half);
      assertThat(y.relu().maxPool2d(Pool2dOptions.kernel(2)).flatten(1).dtype()).isEqualTo(half);
      Tensor p = a.matmul(a.t());
      assertThat(p.dtype()).isEqualTo(half);
      assertThat(p.softmax(1).dtype()).isEqualTo(DType.F32);
      assertThat(p.sum().dtype()).isEqualTo(DType.F32);
      assertThat(p.exp().dtype()).isEqualTo(DType.F32);
      assertThat(p.pow(2).dtype()).isEqualTo(DType.F32);
      assertThat(p.mean().dtype()).isEqualTo(half);
      assertThat(p.tanh().dtype()).isEqualTo(half);
      assertThat(new MSELoss().call(p, p).dtype()).isEqualTo(DType.F32);
      Tensor labels = Tensor.copyOf(new long[] {0, 1, 2, 3}).to(Device.cuda());
      assertThat(p.crossEntropy(labels).dtype()).isEqualTo(DType.F32);
      Tensor f32 = random(4, 4);
      assertThat(p.add(f32).dtype()).isEqualTo(DType.F32);
      assertThat(f32.mul(p).dtype()).isEqualTo(DType.F32);
      assertThat(Tensor.cat(List.of(p, f32), 0).dtype()).isEqualTo(DType.F32);
      assertThat(Tensor.where(f32.gt(0), p, f32).dtype()).isEqualTo(DType.F32);
      try (var _ = Autocast.open(DType.F32)) {
        assertThat(a.matmul(a.t()).dtype()).isEqualTo(DType.F32);
        assertThatThrownBy(() -> p.add(f32)).isInstanceOf(DTypeException.class);
      }
      assertThat(a.to(DType.F64).matmul(a.t().to(DType.F64)).dtype()).isEqualTo(DType.F64);
    }
    assertThat(a.matmul(a.t()).dtype()).isEqualTo(DType.F32);
  }

  @Test
  void gradientsOfParametersAreWide() {
    Generator.manualSeed(3);
    var conv = new Conv2d(3, 4, 3);
    var norm = new BatchNorm2d(4);
    var linear = new Linear(4 * 4 * 4, 5);
    for (Module layer : List.of(conv, norm, linear)) {
      layer.to(Device.cuda());
    }
    Tensor labels = Tensor.copyOf(new long[] {0, 4}).to(Device.cuda());
    try (var _ = Autocast.open(DType.BF16)) {
      Tensor y = norm.call(conv.call(random(2, 3, 6, 6))).relu();
      assertThat(y.dtype()).isEqualTo(DType.BF16);
      linear.call(y.flatten(1)).crossEntropy(labels).backward(); // also inside
    }
    for (Module layer : List.of(conv, norm, linear)) {
      for (Tensor p : layer.parameters()) {
        Tensor g = Objects.requireNonNull(p.grad());
        assertThat(g.dtype()).isEqualTo(DType.F32);
        assertThat(g.abs().sum().item()).isPositive().isFinite();
      }
    }
  }

  @Test
  void aParameterIsRoundedOnceUntilItChanges() {
    Tensor w = random(5, 5).requiresGrad_();
    Tensor x = random(5, 5).to(DType.BF16);
    try (var _ = Autocast.open(DType.BF16)) {
      x.matmul(w);
      assertThat(roundings(() -> x.matmul(w).matmul(w))).isZero();
      float[] before = x.matmul(w).toFloatArray();
      try (var _ = NoGrad.open()) {
        w.mul_(2);
      }
      float[] after = new float[25];
      assertThat(roundings(() -> System.arraycopy(x.matmul(w).toFloatArray(), 0, after, 0, 25)))
          .isEqualTo(1);
      for (int i = 0; i < 25; i++) {
        assertThat(after[i]).isEqualTo(2 * before[i]);
      }
    }
    try (var _ = Autocast.open(DType.BF16)) {
      assertThat(roundings(() -> x.matmul(w))).isEqualTo(1);
    }
  }

  @Test
  void backwardMayComeAgain() {
    Tensor w = random(3, 3).requiresGrad_();
    Tensor x = random(2, 3);
    try (var _ = Autocast.open(DType.F16)) {
      x.matmul(w).sum().backward();
      float[] once = Objects.requireNonNull(w.grad()).toFloatArray();
      x.matmul(w).sum().backward();
      float[] twice = Objects.requireNonNull(w.grad()).toFloatArray();
      for (int i = 0; i < once.length; i++) {
        assertThat(twice[i]).isEqualTo(2 * once[i]);
      }
    }
  }

  @Test
  void gradcheckIsNotTouched() {
    Tensor a = random(3, 4).to(DType.F64).requiresGrad_();
    Tensor b = random(4, 2).to(DType.F64).requiresGrad_();
    try (var _ = Autocast.open(DType.BF16)) {
      Gradcheck.check("matmul", t -> t[0].matmul(t[1]).tanh(), a, b).orThrow();
    }
  }

  @Test
  void nothingIsLeft() {
    products(); // the first one makes cuBLAS's workspace, which stays
    long before = live();
    products();
    assertThat(live()).isEqualTo(before);
  }

  private static void products() {
    try (var _ = Scope.open("leak");
        var _ = Autocast.open(DType.BF16)) {
      Tensor w = random(3, 3).requiresGrad_();
      random(2, 3).matmul(w).sum().backward();
    }
  }

  private static long live() {
    return Backends.get(Device.cuda()).memoryStats().liveBuffers();
  }

  /** How often {@code run} rounds f32 to bf16. */
  private static long roundings(Runnable run) {
    Cuda.synchronize(Device.cuda());
    CpuDriver.get().reset();
    run.run();
    Cuda.synchronize(Device.cuda());
    return CpuDriver.get().launches().getOrDefault("convert_f32_bf16", 0L);
  }

  private static Tensor random(long... shape) {
    return Tensor.normal(
        0, 1, Shape.of(shape), DType.F32, Device.cuda(), Generator.of(shape.length + shape[0]));
  }
}
