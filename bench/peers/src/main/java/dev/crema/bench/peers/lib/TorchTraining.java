package dev.crema.bench.peers.lib;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.crema.bench.peers.net.Weights;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.TrainTask;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network in libtorch. The update is SGD's in three passes over each parameter, as many as
 * torch.optim.SGD makes: DJL's own takes more than twice as long. What PyTorch scales in its third
 * pass, the learning rate, here scales the gradient that backward starts from.
 */
final class TorchTraining implements Contender {
  private final PtNDManager data;
  private final TrainTask task;
  private final Map<String, PtNDArray> state;
  private final Map<String, PtNDArray> velocity = new HashMap<>();
  private final PtNDArray images;
  private final PtNDArray labels;
  private final PtNDArray learningRate;
  private final PtNDArray momentum;

  TorchTraining(PtNDManager data, TrainTask task) {
    this.data = data;
    this.task = task;
    state = load(data, task.weights());
    state.forEach(
        (name, p) -> {
          if (task.weights().trained().contains(name)) {
            velocity.put(name, (PtNDArray) p.zerosLike());
          }
        });
    images = TorchPeer.array(data, task.images(), task.net().imagesShape(task.batch()));
    labels = (PtNDArray) data.create(task.labels(), new Shape(task.batch(), 1));
    learningRate = scalar(TrainTask.LEARNING_RATE);
    momentum = scalar(TrainTask.MOMENTUM);
  }

  private PtNDArray scalar(float value) {
    return (PtNDArray) data.create(value);
  }

  static Contender inference(PtNDManager data, InferTask task) {
    var ops = new TorchOps(load(data, task.weights()), false);
    PtNDArray images = TorchPeer.array(data, task.images(), task.net().imagesShape(task.batch()));
    return new TorchPeer.Managed(
        data, false, step -> List.of(task.net().forward(ops, step.in(images))));
  }

  private static Map<String, PtNDArray> load(PtNDManager data, Weights weights) {
    var state = new LinkedHashMap<String, PtNDArray>();
    weights
        .arrays()
        .forEach((name, a) -> state.put(name, TorchPeer.array(data, a.data(), a.shape())));
    return state;
  }

  @Override
  public void run() {
    try (var step = (PtNDManager) data.newSubManager()) {
      step(new TorchPeer.Step(step));
    }
  }

  @Override
  public List<float[]> compute() {
    try (var step = (PtNDManager) data.newSubManager()) {
      return List.of(TorchPeer.copy(step(new TorchPeer.Step(step))));
    }
  }

  private PtNDArray step(TorchPeer.Step step) {
    JniUtils.setGradMode(true);
    var leaves = new HashMap<>(state);
    for (String name : task.weights().trained()) {
      leaves.computeIfPresent(name, (_, p) -> step.leaf(p));
    }
    PtNDArray logits = task.net().forward(new TorchOps(leaves, true), step.in(images));
    PtNDArray chosen = JniUtils.gather(JniUtils.logSoftmax(logits, 1, DataType.FLOAT32), labels, 1);
    PtNDArray loss = JniUtils.neg(JniUtils.mean(chosen));
    JniUtils.backward(loss, learningRate, false, false);
    JniUtils.setGradMode(false);
    velocity.forEach(
        (name, v) -> {
          JniUtils.muli(v, momentum);
          JniUtils.addi(v, JniUtils.getGradient(leaves.get(name)));
          JniUtils.subi(state.get(name), v);
        });
    return loss;
  }

  @Override
  public void close() {
    data.close();
  }
}
