package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.crema.nn.data.Batch;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.RMSprop;
import dev.crema.nn.optim.SGD;
import dev.crema.nn.train.Metrics;
import dev.crema.nn.train.Trainer;
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
  void aTrainersPassWithASmallerLastBatch() {
    List<String> plain = trained(false);
    assertThat(trained(true)).isEqualTo(plain);
  }

  private static List<String> trained(boolean graphs) {
    Generator.manualSeed(7);
    try (Module model = small()) {
      model.to(CUDA);
      try (var optimizer = new Adam(model.parameters(), 2e-3)) {
        var trainer = new Trainer(model, new CrossEntropyLoss(), optimizer).graphs(graphs);
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
