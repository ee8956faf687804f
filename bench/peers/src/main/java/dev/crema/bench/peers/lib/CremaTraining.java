package dev.crema.bench.peers.lib;

import dev.crema.bench.peers.net.Net;
import dev.crema.bench.peers.net.Weights;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.TrainTask;
import dev.crema.nn.Module;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.HashMap;
import java.util.List;

/** A network in Crema: the module of its library, and the training loop of its README. */
final class CremaTraining implements Contender {
  private final Module module;
  private final SGD optimizer;
  private final Tensor images;
  private final Tensor labels;

  CremaTraining(TrainTask task) {
    module = load(task.net(), task.weights());
    optimizer = new SGD(module.parameters(), TrainTask.LEARNING_RATE).momentum(TrainTask.MOMENTUM);
    images = Tensor.wrap(task.images(), task.net().imagesShape(task.batch()));
    labels = Tensor.copyOf(task.labels(), task.batch());
  }

  static Contender inference(InferTask task) {
    Module module = load(task.net(), task.weights());
    module.eval();
    Tensor images = Tensor.wrap(task.images(), task.net().imagesShape(task.batch()));
    var scoped = new CremaPeer.Scoped(() -> List.of(module.call(images)), false);
    return new Contender() {
      @Override
      public void run() {
        scoped.run();
      }

      @Override
      public List<float[]> compute() {
        return scoped.compute();
      }

      @Override
      public void close() {
        module.close();
      }
    };
  }

  private static Module load(Net net, Weights weights) {
    Module module = net.module();
    try (Scope _ = Scope.open("weights")) {
      var state = new HashMap<String, Tensor>();
      weights.arrays().forEach((name, a) -> state.put(name, Tensor.wrap(a.data(), a.shape())));
      module.loadStateDict(state);
    }
    return module;
  }

  @Override
  public void run() {
    try (Scope _ = Scope.open("step")) {
      step();
    }
  }

  @Override
  public List<float[]> compute() {
    try (Scope _ = Scope.open("step")) {
      return List.of(new float[] {(float) step().item()});
    }
  }

  private Tensor step() {
    Tensor loss = module.call(images).crossEntropy(labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  }

  @Override
  public void close() {
    optimizer.close();
    module.close();
    labels.close();
    images.close();
  }
}
