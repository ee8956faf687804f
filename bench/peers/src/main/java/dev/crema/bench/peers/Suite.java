package dev.crema.bench.peers;

import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.GemmShape;
import dev.crema.bench.lab.ProblemFile;
import dev.crema.bench.peers.Workload.Group;
import dev.crema.bench.peers.net.Net;
import dev.crema.bench.peers.task.ConvTask;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.TrainTask;
import dev.crema.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Everything that is compared. Sizes of layers come from the lab's files of problems. */
final class Suite {
  private static final Set<String> QUICK =
      Set.of(
          "1024x1024x1024",
          "alexnet:conv2 192x729x1600",
          "resnet50:layer4.1.conv2*2 512x49x4608",
          "alexnet:conv2 mb8",
          "alexnet:conv3 mb8",
          "resnet50:layer1.0.conv2*3 mb8",
          "resnet50:layer3.0.conv3*6 mb8",
          "LeNet mb64",
          "AlexNet mb1");

  private static final List<String> CONV_NETS = List.of("alexnet", "vgg16", "resnet50");
  private static final int[] CONV_BATCHES = {8, 32};

  /** Multiply-adds of one image; backward takes twice as many again. */
  private static final double LENET_MACS = 0.42e6;

  private static final double ALEXNET_MACS = 0.71e9;
  private static final double RESNET18_MACS = 1.81e9;

  private final List<Workload> all = new ArrayList<>();

  private Suite() {
    GemmShape.standard().forEach(this::gemm);
    for (boolean backward : new boolean[] {false, true}) {
      for (String net : CONV_NETS) {
        for (int batch : CONV_BATCHES) {
          ProblemFile.read(net).forEach(p -> conv(p.withBatch(batch), backward));
        }
      }
    }
    train(Net.LENET, 64, LENET_MACS);
    train(Net.ALEXNET, 32, ALEXNET_MACS);
    train(Net.RESNET18, 32, RESNET18_MACS);
    infer(Net.ALEXNET, 1, ALEXNET_MACS);
    infer(Net.ALEXNET, 32, ALEXNET_MACS);
  }

  static List<Workload> full() {
    return List.copyOf(new Suite().all);
  }

  /** Some of each kind, in under two minutes. */
  static List<Workload> quick() {
    return full().stream().filter(w -> QUICK.contains(w.name())).toList();
  }

  private void gemm(GemmShape shape) {
    all.add(
        new Workload(
            Group.GEMM,
            shape.toString(),
            shape.flops(),
            0,
            () -> GemmTask.of(shape.m(), shape.n(), shape.k())));
  }

  private void conv(ConvProblem p, boolean backward) {
    Group group = backward ? Group.CONV_BACKWARD : Group.CONV_FORWARD;
    double flops = p.plan(DType.F32).flops() * (backward ? 3 : 1);
    String name = "%s mb%d".formatted(p.name(), p.n());
    all.add(new Workload(group, name, flops, 0, () -> ConvTask.of(p, backward)));
  }

  private void train(Net net, int batch, double macs) {
    String name = "%s mb%d".formatted(net.label(), batch);
    double flops = 6 * macs * batch;
    all.add(new Workload(Group.TRAIN, name, flops, batch, () -> TrainTask.of(net, batch)));
  }

  private void infer(Net net, int batch, double macs) {
    String name = "%s mb%d".formatted(net.label(), batch);
    double flops = 2 * macs * batch;
    all.add(new Workload(Group.INFER, name, flops, batch, () -> InferTask.of(net, batch)));
  }
}
