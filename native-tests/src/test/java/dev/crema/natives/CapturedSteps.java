package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.autograd.Autocast;
import dev.crema.nn.BatchNorm2d;
import dev.crema.nn.Conv2d;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Dropout;
import dev.crema.nn.ELU;
import dev.crema.nn.Flatten;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.Module;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.nn.SiLU;
import dev.crema.nn.data.Batch;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.RMSprop;
import dev.crema.nn.optim.SGD;
import dev.crema.nn.train.Metrics;
import dev.crema.nn.train.Trainer;
import dev.crema.op.Fused;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Steps as CUDA graphs give the bits of plain ones. */
abstract class CapturedSteps {
  private static final Device CUDA = Device.cuda();
  private static final int STEPS = 50;
  private static final int BATCH = 4;

  @Test
  void leNetWithMomentum() {
    same(LeNet::new, p -> new SGD(p, 0.05).momentum(0.9).weightDecay(1e-4));
  }

  @Test
  void leNetWithNesterovAndNoMomentum() {
    same(CapturedSteps::small, p -> new SGD(p, 0.05).momentum(0.9).nesterov(true));
    same(CapturedSteps::small, p -> new SGD(p, 0.05));
  }

  @Test
  void leNetWithAdam() {
    same(LeNet::new, p -> new Adam(p, 2e-3));
  }

  @Test
  void dropoutAndBatchNormWithAdamAndRmsprop() {
    same(CapturedSteps::small, p -> new Adam(p, 2e-3));
    same(CapturedSteps::small, p -> new RMSprop(p, 1e-3).momentum(0.5));
  }

  @Test
  void fusedFunctionsWithSgd() {
    same(CapturedSteps::swish, p -> new SGD(p, 0.05).momentum(0.9));
  }

  private static Module swish() {
    return new Sequential(
        new Conv2d(1, 3, 5).stride(2), new SiLU(), new Flatten(), new ELU(), new Linear(432, 10));
  }

  /** Also those that are made anew in each run, so that they are looked at in the midst of one. */
  @Test
  void aFunctionThatIsFusedWhileTheStepIsCaptured() {
    try (Scope _ = Scope.open("fresh");
        var step =
            CapturedStep.of(
                CUDA, in -> Fused.of("fresh", 1, t -> t[0].exp().mul(t[0])).apply(in.getFirst()))) {
      for (int run = 1; run < 5; run++) {
        Tensor x = Tensor.full(Shape.of(3), run, DType.F32, CUDA);
        assertThat(step.run(x).toFloatArray()).isEqualTo(x.exp().mul(x).toFloatArray());
      }
    }
  }

  @Test
  void aTrainersPassWithASmallerLastBatch() {
    List<String> plain = trained(false, DType.F32);
    assertThat(trained(true, DType.F32)).isEqualTo(plain);
  }

  private static List<String> trained(boolean graphs, DType precision) {
    Generator.manualSeed(7);
    try (Module model = small()) {
      model.to(CUDA);
      try (var optimizer = new Adam(model.parameters(), 2e-3);
          var scaler = new GradScaler()) {
        var trainer = new Trainer(model, new CrossEntropyLoss(), optimizer).graphs(graphs);
        trainer.autocast(precision);
        if (precision == DType.F16) {
          trainer.gradScaler(scaler);
        }
        List<String> left = new ArrayList<>();
        for (int epoch = 0; epoch < 2; epoch++) {
          Metrics metrics = trainer.train(batches());
          left.add(Double.toHexString(metrics.loss()) + " " + metrics.correct());
          Metrics test = trainer.evaluate(batches());
          left.add(Double.toHexString(test.loss()) + " " + test.correct());
        }
        model.stateDict().forEach((name, t) -> left.add(name + bits(t)));
        return left;
      }
    }
  }

  /** Five batches, of which the third and the last are smaller. */
  private static List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int n = i % 2 == 0 && i > 0 ? 2 : BATCH;
      batches.add(new Batch(images(i).slice(0, 0, n), labels(i).slice(0, 0, n)));
    }
    return batches;
  }

  private static Module small() {
    return new Sequential(
        new Conv2d(1, 3, 5).stride(2),
        new BatchNorm2d(3),
        new ReLU(),
        new MaxPool2d(2),
        new Dropout(0.3),
        new Flatten(),
        new Linear(108, 10));
  }

  @Test
  void overflowsUnderAutocastAreLeftOutOnTheDevice() {
    for (Function<List<Tensor>, Optimizer> create :
        List.<Function<List<Tensor>, Optimizer>>of(
            p -> new SGD(p, 0.05).momentum(0.9).dampening(0.5), p -> new Adam(p, 2e-3))) {
      List<Scaled> plain = scaled(create, false);
      assertThat(scaled(create, true)).isEqualTo(plain);
      assertThat(plain.stream().map(Scaled::leftOut))
          .as("the first, one the whole way down, and those that grew too far")
          .startsWith(true, true)
          .endsWith(false)
          .hasSizeBetween(24, 24);
      assertThat(plain.subList(10, 12)).allMatch(Scaled::leftOut);
      assertThat(plain.stream().filter(Scaled::leftOut).count()).isBetween(5L, 14L);
    }
  }

  /**
   * A step, its loss and all that it left; left out: that is what there was before, bit for bit.
   */
  private record Scaled(String loss, boolean leftOut, List<String> state) {}

  /** LeNet in f16, whose scale is too large at first, becomes so by growing, and is set so. */
  private static List<Scaled> scaled(Function<List<Tensor>, Optimizer> create, boolean capture) {
    Generator.manualSeed(7);
    List<Scaled> steps = new ArrayList<>();
    try (Module model = new LeNet();
        Scope _ = Scope.open("test")) {
      model.to(CUDA).train();
      try (Optimizer optimizer = create.apply(model.parameters());
          GradScaler scaler = new GradScaler().initScale(0x1p20).growthInterval(3);
          CapturedStep step = CapturedStep.of(CUDA, in -> learn(model, optimizer, scaler, in))) {
        for (int i = 0; i < 24; i++) {
          if (i == 10 || i == 12) {
            scaler.initScale(i == 10 ? 0x1p60 : 0x1p12);
          }
          List<String> before = weights(model);
          try (Scope _ = Scope.open("step")) {
            Tensor images = images(i % 3);
            Tensor labels = labels(i % 3);
            Tensor loss =
                capture
                    ? step.run(images, labels)
                    : learn(model, optimizer, scaler, List.of(images.to(CUDA), labels.to(CUDA)));
            List<String> state = weights(model);
            boolean leftOut = state.equals(before);
            if (i > 8 && i % 2 == 0) { // elsewhere nobody asks before the next step does
              optimizer.stateDict().forEach((name, t) -> state.add(name + bits(t)));
              state.add("scale " + scaler.getScale());
            }
            steps.add(new Scaled(Double.toHexString(loss.item()), leftOut, state));
          }
        }
      }
    }
    return steps;
  }

  private static Tensor learn(
      Module model, Optimizer optimizer, GradScaler scaler, List<Tensor> in) {
    optimizer.zeroGrad();
    Tensor loss;
    try (var _ = Autocast.open(DType.F16)) {
      loss = model.call(in.get(0)).crossEntropy(in.get(1));
    }
    scaler.scale(loss).backward();
    scaler.step(optimizer);
    scaler.update();
    return loss;
  }

  private static List<String> weights(Module model) {
    List<String> weights = new ArrayList<>();
    model.stateDict().forEach((name, t) -> weights.add(name + bits(t)));
    return weights;
  }

  @Test
  void aTrainerInMixedPrecision() {
    for (DType precision : List.of(DType.BF16, DType.F16)) {
      List<String> plain = trained(false, precision);
      assertThat(trained(true, precision)).isEqualTo(plain);
      assertThat(plain).isNotEqualTo(trained(false, DType.F32));
    }
  }

  /** Everything that training leaves behind. */
  private record Left(List<String> losses, List<String> state, long random) {}

  private static void same(Supplier<Module> model, Function<List<Tensor>, Optimizer> optimizer) {
    Left plain = train(model, optimizer, false);
    Left captured = train(model, optimizer, true);
    assertThat(captured.losses).isEqualTo(plain.losses).doesNotHaveDuplicates();
    assertThat(captured.state).isEqualTo(plain.state);
    assertThat(captured.random).isEqualTo(plain.random);
  }

  private static Left train(
      Supplier<Module> network, Function<List<Tensor>, Optimizer> create, boolean capture) {
    Generator.manualSeed(7);
    List<String> losses = new ArrayList<>();
    try (Module model = network.get();
        Scope _ = Scope.open("test")) {
      model.to(CUDA).train();
      try (Optimizer optimizer = create.apply(model.parameters());
          CapturedStep step = CapturedStep.of(CUDA, in -> learn(model, optimizer, in))) {
        for (int i = 0; i < STEPS; i++) {
          try (Scope _ = Scope.open("step")) {
            Tensor images = images(i);
            Tensor labels = labels(i);
            Tensor loss =
                capture
                    ? step.run(images, labels)
                    : learn(model, optimizer, List.of(images.to(CUDA), labels.to(CUDA)));
            losses.add(Double.toHexString(loss.item()));
          }
          optimizer.paramGroups().getFirst().lr(0.05 / (i + 10)); // as a schedule would
        }
        List<String> state = new ArrayList<>();
        model.stateDict().forEach((name, t) -> state.add(name + bits(t)));
        optimizer.stateDict().forEach((name, t) -> state.add(name + bits(t)));
        model
            .parameters()
            .forEach(p -> state.add("gradient " + bits(Objects.requireNonNull(p.grad()))));
        return new Left(losses, state, Generator.global().reserve(0));
      }
    }
  }

  private static Tensor learn(Module model, Optimizer optimizer, List<Tensor> in) {
    optimizer.zeroGrad();
    Tensor loss = model.call(in.get(0)).crossEntropy(in.get(1));
    loss.backward();
    optimizer.step();
    return loss;
  }

  private static Tensor images(int i) {
    return Tensor.uniform(
        0, 1, Shape.of(BATCH, 1, 28, 28), DType.F32, Device.cpu(), Generator.of(i));
  }

  private static Tensor labels(int i) {
    return Tensor.copyOf(new long[] {i % 10, (i + 3) % 10, (i * 7) % 10, 5});
  }

  private static String bits(Tensor t) {
    StringBuilder text = new StringBuilder();
    for (double v : t.toDoubleArray()) {
      text.append(' ').append(Double.toHexString(v));
    }
    return text.toString();
  }
}
