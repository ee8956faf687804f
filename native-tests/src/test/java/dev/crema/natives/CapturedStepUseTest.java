package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backends;
import dev.crema.backend.MemoryStats;
import dev.crema.cuda.Cuda;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adagrad;
import dev.crema.nn.optim.ClipGrad;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.OutOfMemoryException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import dev.crema.tensor.UnsupportedOpException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What captured steps cost, keep, refuse and report. */
@OnCpuDriver
@Execution(ExecutionMode.SAME_THREAD)
final class CapturedStepUseTest {
  private static final Device CUDA = Device.cuda();

  private Map<String, Long> living = Map.of();
  private long buffers;

  @BeforeEach
  void count() {
    try (Scope _ = Scope.open("warm")) { // opens what a device opens once
      try (Net net = new Net()) {
        net.runs(3);
      }
      Tensor.zeros(Shape.of(1), DType.F32, Device.cuda(1));
      Tensor half = Tensor.zeros(Shape.of(2, 2), DType.BF16, CUDA);
      half.matmul(half); // by cuBLAS, whatever its size
    }
    settle();
    living = kept();
    buffers = stats().liveBuffers();
  }

  @AfterEach
  void nothingIsLeft() {
    settle();
    // Less is left where the collector found meanwhile what other tests forgot.
    assertThat(stats().liveBuffers()).isLessThanOrEqualTo(buffers);
    kept().forEach((kind, n) -> assertThat(n).as(kind).isLessThanOrEqualTo(living.get(kind)));
  }

  /** What a captured step takes and must give back. */
  private static Map<String, Long> kept() {
    Map<String, Long> kept = new TreeMap<>(CpuDriver.get().living());
    kept.keySet()
        .retainAll(Set.of("graph", "executable graph", "device memory", "pinned memory", "stream"));
    return kept;
  }

  private static void settle() {
    CpuDriver.get().reset();
    Cuda.trim(CUDA);
  }

  /** LeNet with SGD, and a captured step of it. */
  private static final class Net implements AutoCloseable {
    final LeNet model = new LeNet();
    final SGD optimizer;
    final CapturedStep step;

    Net() {
      this(loss -> loss);
    }

    Net(UnaryOperator<Tensor> result) {
      model.to(CUDA);
      optimizer = new SGD(model.parameters(), 0.05).momentum(0.9);
      step = CapturedStep.of(CUDA, in -> result.apply(learn(in)));
    }

    Tensor learn(List<Tensor> in) {
      optimizer.zeroGrad();
      Tensor loss = model.call(in.get(0)).crossEntropy(in.get(1));
      loss.backward();
      optimizer.step();
      return loss;
    }

    Tensor run(long... labels) {
      return step.run(images(labels.length), Tensor.copyOf(labels));
    }

    void runs(int n) {
      for (int i = 0; i < n; i++) {
        try (Scope _ = Scope.open("run")) {
          run(1, 2);
        }
      }
    }

    @Override
    public void close() {
      step.close();
      optimizer.close();
      model.close();
    }
  }

  private static Tensor images(int n) {
    return Tensor.uniform(0, 1, Shape.of(n, 1, 28, 28), DType.F32, Device.cpu(), Generator.of(3));
  }

  @Test
  void aRunIsInputsAndOneLaunch() {
    try (Net net = new Net()) {
      net.runs(3);
      CpuDriver.get().reset();
      net.runs(4);
      Map<String, Long> calls = CpuDriver.get().calls();
      assertThat(calls).containsEntry("cuGraphLaunch", 4L);
      assertThat(calls).containsEntry("cuMemcpyHtoDAsync_v2", 3L * 4); // images, labels, lr
      assertThat(calls.keySet())
          .isSubsetOf(
              "cuGraphLaunch",
              "cuMemcpyHtoDAsync_v2",
              "cuEventQuery",
              "cuEventRecord",
              "cuEventCreate",
              "cuCtxSetCurrent");
    }
  }

  @Test
  void aRunKeepsNoHoldOfItsInputs() {
    try (Net net = new Net()) {
      net.runs(3);
      long before = stats().liveBuffers();
      try (Tensor images = images(2).to(CUDA);
          Tensor labels = Tensor.copyOf(new long[] {1, 2}).to(CUDA)) {
        net.step.run(images, labels); // in no scope
      }
      assertThat(stats().liveBuffers()).isEqualTo(before);
    }
  }

  @Test
  void whatARunReturnsIsValidUntilTheNext() {
    try (Scope _ = Scope.open("test");
        CapturedStep step = CapturedStep.of(CUDA, in -> in.getFirst().add(1))) {
      Tensor x = Tensor.zeros(2);
      Tensor before = x;
      for (int i = 0; i < 4; i++) {
        Tensor y = step.run(x);
        assertThat(y.toFloatArray()).as("run %s", i).containsOnly(1);
        if (i > 0) {
          assertThatThrownBy(before::toFloatArray)
              .isInstanceOf(ClosedException.class)
              .hasMessageContaining("used after it was closed");
        }
        before = y;
      }
      assertThat(step.run(step.run(x)).toFloatArray()).as("of its own result").containsOnly(2);
      step.run(x).close();
      assertThat(step.run(x).toFloatArray()).as("after one was closed").containsOnly(1);
      before = step.run(x);
      step.close();
      assertThatThrownBy(before::toFloatArray).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void aStepSeesTheFormatOfItsInputs() {
    try (Scope _ = Scope.open("test");
        CapturedStep step = CapturedStep.of(CUDA, in -> in.getFirst().add(1))) {
      Tensor x = Tensor.rand(2, 3, 4, 5).to(CUDA);
      for (int i = 0; i < 3; i++) {
        Tensor y = step.run(i == 1 ? x : x.contiguous(MemoryFormat.CHANNELS_LAST));
        assertThat(y.layout().format()).isEqualTo(MemoryFormat.CHANNELS_LAST);
        assertThat(y.toFloatArray()).isEqualTo(x.add(1).toFloatArray());
      }
    }
  }

  @Test
  void itsMemoryStaysReservedAndOtherWorkDoesNotDisturbIt() {
    try (Net net = new Net();
        Net plain = new Net()) {
      plain.model.loadStateDict(net.model.stateDict());
      for (int i = 0; i < 5; i++) {
        try (Scope _ = Scope.open("run")) {
          Tensor loss = net.run(1, 2);
          for (int n = 1; n < 200_000; n *= 3) { // takes whatever is idle
            Tensor.full(Shape.of(n), Double.NaN, DType.F32, CUDA);
          }
          Cuda.trim(CUDA);
          Tensor expected =
              plain.learn(List.of(images(2).to(CUDA), Tensor.copyOf(new long[] {1, 2}).to(CUDA)));
          assertThat(loss.item()).isEqualTo(expected.item());
        }
      }
    }
  }

  @Test
  void aModelThatIsClosedFirstIsKeptForTheStep() {
    Net net = new Net();
    net.runs(3);
    net.optimizer.close();
    net.model.close();
    Cuda.trim(CUDA);
    net.runs(2);
    net.step.close();
    assertThatThrownBy(() -> net.run(1, 2))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("captured step");
  }

  @Test
  void gradientsAreThoseOfTheLastRunWhateverBecameOfThem() {
    try (Net net = new Net()) {
      net.runs(3);
      net.optimizer.zeroGrad();
      net.runs(1);
      try (Scope _ = Scope.open("read")) {
        Tensor g = Objects.requireNonNull(net.model.parameters().getFirst().grad());
        assertThat(g.abs().sum().item()).isPositive();
        net.learn(List.of(images(2).to(CUDA), Tensor.copyOf(new long[] {1, 2}).to(CUDA)));
      }
      net.runs(1);
      try (Scope _ = Scope.open("step")) {
        net.optimizer.step();
      }
    }
  }

  // ---- what cannot be captured ----

  @TestFactory
  Stream<DynamicTest> whatCannotBeCapturedSaysWhy() {
    Tensor outside = Tensor.zeros(Shape.of(3), DType.F32, Device.cpu());
    return Stream.of(
        refused("item", loss -> loss.mul(loss.item()), "download", "reads a value on the host"),
        refused("cpu", loss -> loss.add(loss.to(Device.cpu()).to(CUDA)), "download", "host"),
        refused(
            "upload",
            loss -> loss.add(Tensor.copyOf(new float[] {1}, DType.F32, Shape.of(), CUDA)),
            "upload",
            "pass an input"),
        refused("other device", loss -> with(loss, outside::exp), "on cpu", "an input"),
        refused("made elsewhere", loss -> with(loss, () -> Tensor.zeros(3)), "on cpu", "an input"),
        refused(
            "another GPU",
            loss -> with(loss, () -> Tensor.zeros(Shape.of(1), DType.F32, Device.cuda(1))),
            "on cuda:1",
            "an input"),
        refused(
            "synchronize",
            loss -> {
              Cuda.synchronize(CUDA);
              return loss;
            },
            "synchronize",
            "waits for the device"),
        refused(
            "trim",
            loss -> {
              Cuda.trim(CUDA);
              return loss;
            },
            "trim",
            "waits for the device"),
        refused("draw", loss -> loss.mul(Generator.global().nextDouble()), "nextDouble", "host"),
        refused(
            "nested",
            loss -> {
              try (var inner = CapturedStep.of(CUDA, in -> in.getFirst().exp())) {
                inner.run(loss);
                inner.run(loss);
                return loss;
              }
            },
            "capture",
            "another"));
  }

  private static Tensor with(Tensor loss, Supplier<Tensor> other) {
    other.get().close();
    return loss;
  }

  private DynamicTest refused(String name, UnaryOperator<Tensor> result, String... words) {
    return dynamicTest(
        name,
        () -> {
          count();
          try (Net net = new Net(result)) {
            net.runs(1);
            String before = bits(net);
            assertThatThrownBy(() -> net.runs(1))
                .isInstanceOf(UnsupportedOpException.class)
                .message()
                .contains(words);
            assertThat(bits(net)).as("nothing was computed").isEqualTo(before);
            try (Scope _ = Scope.open("after")) {
              Tensor labels = Tensor.copyOf(new long[] {1, 2}).to(CUDA);
              assertThat(net.learn(List.of(images(2).to(CUDA), labels)).item()).isNotNaN();
            }
          }
          nothingIsLeft();
        });
  }

  private static String bits(Net net) {
    StringBuilder text = new StringBuilder();
    for (Tensor p : net.model.parameters()) {
      for (double v : p.toDoubleArray()) {
        text.append(Double.toHexString(v)).append(' ');
      }
    }
    return text.toString();
  }

  @Test
  void optimizersThatCannotSayWhy() {
    try (LeNet model = new LeNet()) {
      model.to(CUDA);
      try (var adagrad = new Adagrad(model.parameters());
          var step =
              CapturedStep.of(
                  CUDA,
                  in -> {
                    adagrad.zeroGrad();
                    Tensor loss = model.call(in.get(0)).sum();
                    loss.backward();
                    adagrad.step();
                    return loss;
                  })) {
        step.run(images(1));
        assertThatThrownBy(() -> step.run(images(1)))
            .isInstanceOf(UnsupportedOpException.class)
            .hasMessageContaining("Adagrad");
      }
    }
  }

  @Test
  void clippingByNormAndOldGradientsSayWhy() {
    refusesAfterOneRun(
        net ->
            in -> {
              Tensor loss = net.model.call(in.get(0)).sum();
              loss.backward();
              return loss;
            },
        AutogradException.class,
        "zeroGrad() inside the step");
    refusesAfterOneRun(
        net ->
            in -> {
              Tensor loss = net.learn(in);
              ClipGrad.clipGradNorm_(net.model.parameters(), 1);
              return loss;
            },
        UnsupportedOpException.class,
        "reads a value on the host");
  }

  @Test
  void aScalerGoesOnAfterACaptureThatFailed() {
    Tensor labels = Tensor.copyOf(new long[] {1, 2});
    try (Net net = new Net();
        GradScaler scaler = new GradScaler();
        Scope _ = Scope.open("test")) {
      for (Consumer<GradScaler> asks :
          List.<Consumer<GradScaler>>of(GradScaler::getScale, s -> s.initScale(2))) {
        Function<List<Tensor>, Tensor> body =
            in -> {
              net.optimizer.zeroGrad();
              Tensor loss = net.model.call(in.get(0)).crossEntropy(in.get(1));
              scaler.scale(loss).backward();
              scaler.unscale_(net.optimizer);
              asks.accept(scaler);
              scaler.step(net.optimizer);
              scaler.update();
              return loss;
            };
        try (CapturedStep step = CapturedStep.of(CUDA, body)) {
          step.run(images(2), labels);
          assertThatThrownBy(() -> step.run(images(2), labels))
              .isInstanceOf(UnsupportedOpException.class)
              .hasMessageContaining("GradScaler")
              .hasMessageContaining("the step");
        }
        assertThat(body.apply(List.of(images(2).to(CUDA), labels.to(CUDA))).item()).isFinite();
      }
    }
  }

  @Test
  void aWeightThatRunsChangeIsRoundedAnewByAnAutocastAround() {
    try (Scope _ = Scope.open("test");
        Autocast _ = Autocast.open(DType.BF16)) {
      Tensor w = Tensor.ones(2, 2).to(CUDA).requiresGrad_();
      Tensor x = Tensor.ones(1, 2).to(CUDA);
      try (CapturedStep step =
          CapturedStep.of(
              CUDA,
              in -> {
                Tensor y = in.getFirst().matmul(w);
                try (NoGrad _ = NoGrad.open()) {
                  w.mul_(2);
                }
                return y;
              })) {
        for (int i = 0; i < 5; i++) {
          assertThat(x.matmul(w).toFloatArray()).containsOnly(1 << (i + 1));
          assertThat(step.run(x).toFloatArray()).containsOnly(1 << (i + 1));
        }
        Tensor kept = w.square();
        step.run(x);
        assertThatThrownBy(() -> kept.sum().backward()).isInstanceOf(AutogradException.class);
      }
    }
  }

  private static void refusesAfterOneRun(
      Function<Net, Function<List<Tensor>, Tensor>> body,
      Class<? extends TensorException> type,
      String words) {
    try (Net net = new Net();
        CapturedStep step = CapturedStep.of(CUDA, body.apply(net));
        Scope _ = Scope.open("test")) {
      Tensor labels = Tensor.copyOf(new long[] {1, 2});
      step.run(images(2), labels);
      assertThatThrownBy(() -> step.run(images(2), labels))
          .isInstanceOf(type)
          .hasMessageContaining(words);
    }
  }

  @Test
  void otherInputsAreRefused() {
    try (Net net = new Net();
        Scope _ = Scope.open("test")) {
      net.runs(2);
      assertThatThrownBy(() -> net.run(1, 2, 3))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("captured step: expected inputs like those of its first run")
          .hasMessageContaining("[2, 1, 28, 28]")
          .hasMessageContaining("[3, 1, 28, 28]");
      net.runs(1);
    }
  }

  @Test
  void theCpuHasNoGraphs() {
    assertThatThrownBy(() -> CapturedStep.of(Device.cpu(), List::getFirst))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessageStartingWith(
            "captured step: expected a CUDA device, got cpu, which has no graphs")
        .hasMessageContaining("Hint: ");
  }

  // ---- what only the data can tell ----

  @Test
  void aBadLabelIsReportedWhenAValueIsNextRead() {
    try (Net net = new Net();
        Scope _ = Scope.open("test")) {
      net.runs(3);
      net.run(4, 77);
      Tensor loss = net.run(1, 2);
      assertThatThrownBy(loss::item).isInstanceOf(IndexException.class).hasMessageContaining("77");
      assertThat(loss.item()).isNotNaN();
      assertThat(net.run(1, 2).item()).isNotNaN();
      Tensor last = net.run(88, 2);
      net.step.close();
      assertThatThrownBy(() -> Tensor.zeros(Shape.of(1), DType.F32, CUDA).item())
          .isInstanceOf(IndexException.class)
          .hasMessageContaining("88");
      assertThatThrownBy(last::item).isInstanceOf(ClosedException.class);
    }
  }

  // ---- failures ----

  @Test
  void outOfMemoryTriesAgainWithoutWhatIsIdle() {
    try (Net net = new Net()) {
      net.runs(1);
      Cuda.trim(CUDA);
      CpuDriver.get().fail("cuMemAlloc_v2", 1, CpuDriver.OUT_OF_MEMORY);
      net.runs(2);
      assertThat(CpuDriver.get().calls()).containsKey("cuGraphLaunch");
    }
    try (Net net = new Net()) {
      net.runs(1);
      Cuda.trim(CUDA);
      CpuDriver.get().memory(0, 1 << 20);
      assertThatThrownBy(() -> net.runs(1)).isInstanceOf(OutOfMemoryException.class);
      CpuDriver.get().reset();
      net.runs(2);
    }
  }

  private static final Set<String> OF_ERRORS =
      Set.of("cuGetErrorName", "cuGetErrorString", "cudnnGetErrorString");

  private static final Set<String> ONCE =
      Set.of("cuEventQuery", "cuThreadExchangeStreamCaptureMode");

  @TestFactory
  Stream<DynamicTest> everyCallOfACaptureAndOfARun() {
    Map<String, Long> captureCalls;
    Map<String, Long> runCalls;
    try (Net net = new Net()) {
      net.runs(1);
      Cuda.trim(CUDA);
      captureCalls = callsOf(net);
      runCalls = callsOf(net);
    }
    assertThat(captureCalls).containsKeys("cuStreamBeginCapture_v2", "cuGraphInstantiateWithFlags");
    return Stream.concat(failures("capture", 1, captureCalls), failures("run", 3, runCalls));
  }

  private static Map<String, Long> callsOf(Net net) {
    CpuDriver.get().reset();
    net.runs(1);
    Map<String, Long> calls = new TreeMap<>(CpuDriver.get().calls());
    calls.keySet().removeAll(OF_ERRORS);
    // One asks how far the device is; of the other every second call undoes the first.
    calls.replaceAll((call, n) -> ONCE.contains(call) ? 1 : n);
    CpuDriver.get().reset();
    return calls;
  }

  private Stream<DynamicTest> failures(String phase, int before, Map<String, Long> calls) {
    return calls.entrySet().stream()
        .flatMap(
            call ->
                LongStream.of(1, (call.getValue() + 1) / 2, call.getValue())
                    .distinct()
                    .mapToObj(
                        n ->
                            dynamicTest(
                                "%s %s %s".formatted(phase, call.getKey(), n),
                                () -> failsWell(before, call.getKey(), n))));
  }

  private void failsWell(int before, String function, long nth) {
    count();
    try (Net net = new Net()) {
      net.runs(before);
      Cuda.trim(CUDA);
      CpuDriver.get().reset();
      CpuDriver.get().fail(function, nth, status(function));
      Throwable error = catchThrowable(() -> net.runs(1));
      CpuDriver.get().reset();
      assertThat(error).isInstanceOf(TensorException.class);
      net.runs(2);
      try (Scope _ = Scope.open("after")) {
        assertThat(net.run(1, 2).item()).isNotNaN();
      }
    }
    if (!function.contains("Destroy")) {
      nothingIsLeft();
    }
  }

  private static int status(String function) {
    return function.startsWith("cudnn") ? 4000 : function.startsWith("cublas") ? 14 : 999;
  }

  private static MemoryStats stats() {
    return Backends.get(CUDA).memoryStats();
  }
}
