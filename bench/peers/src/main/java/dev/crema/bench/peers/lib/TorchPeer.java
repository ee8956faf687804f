package dev.crema.bench.peers.lib;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.crema.bench.peers.task.ConvTask;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.Task;
import dev.crema.bench.peers.task.TrainTask;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** libtorch through DJL's calls into it, with PyTorch's defaults. */
final class TorchPeer implements Peer {
  private final Engine engine;
  private final PtNDManager root;

  TorchPeer() {
    // Nothing is fetched, and nothing is told to DJL's makers.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("DJL_CACHE_DIR", Natives.folder("djl").toString());
    engine = Engine.getEngine("PyTorch");
    root = (PtNDManager) engine.newBaseManager(Device.cpu());
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public String details() {
    return "libtorch %s %s through DJL".formatted(engine.getVersion(), JniUtils.getFeatures());
  }

  @Override
  public void setThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }

  @Override
  public Contender contender(Task task) {
    return switch (task) {
      case GemmTask t -> gemm(t);
      case ConvTask t -> t.backward() ? convBackward(t) : conv(t);
      case TrainTask t -> new TorchTraining(manager(), t);
      case InferTask t -> TorchTraining.inference(manager(), t);
    };
  }

  private PtNDManager manager() {
    return (PtNDManager) root.newSubManager();
  }

  private Contender gemm(GemmTask task) {
    PtNDManager data = manager();
    PtNDArray a = array(data, task.a(), task.m(), task.k());
    PtNDArray b = array(data, task.b(), task.k(), task.n());
    return new Managed(data, false, step -> List.of(JniUtils.matmul(step.in(a), b)));
  }

  private Contender conv(ConvTask task) {
    PtNDManager data = manager();
    PtNDArray x = array(data, task.x(), task.xShape());
    PtNDArray w = array(data, task.w(), task.wShape());
    return new Managed(data, false, step -> List.of(convolution(task, step.in(x), w)));
  }

  private Contender convBackward(ConvTask task) {
    PtNDManager data = manager();
    PtNDArray x = array(data, task.x(), task.xShape());
    PtNDArray w = array(data, task.w(), task.wShape());
    PtNDArray gy = array(data, task.gy(), task.yShape());
    return new Managed(
        data,
        true,
        step -> {
          PtNDArray xLeaf = step.leaf(x);
          PtNDArray wLeaf = step.leaf(w);
          PtNDArray y = convolution(task, xLeaf, wLeaf);
          JniUtils.backward(y, gy, false, false);
          return List.of(y, JniUtils.getGradient(xLeaf), JniUtils.getGradient(wLeaf));
        });
  }

  @SuppressWarnings("NullAway") // DJL is without annotations: the bias may be null.
  private static PtNDArray convolution(ConvTask task, PtNDArray x, PtNDArray w) {
    var h = task.problem().h();
    var v = task.problem().w();
    return JniUtils.convolution(
        x,
        w,
        null,
        new Shape(h.stride(), v.stride()),
        new Shape(h.before(), v.before()),
        new Shape(h.dilation(), v.dilation()),
        task.problem().groups());
  }

  static PtNDArray array(PtNDManager manager, float[] data, long... shape) {
    PtNDArray array = manager.create(new Shape(shape), DataType.FLOAT32);
    floats(array).put(data);
    return array;
  }

  static float[] copy(PtNDArray array) {
    float[] data = new float[Math.toIntExact(array.size())];
    floats(array).get(data);
    return data;
  }

  /** The array's own memory. */
  private static FloatBuffer floats(PtNDArray array) {
    var bytes = array.toByteBuffer(true);
    if (!bytes.isDirect()) {
      throw new IllegalStateException("DJL gave a copy instead of libtorch's memory");
    }
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** The arrays of one run, which are freed together. */
  record Step(PtNDManager manager) {
    /** The same array with its results in this step. */
    PtNDArray in(PtNDArray array) {
      PtNDArray view = JniUtils.detachGradient(array);
      view.attach(manager);
      return view;
    }

    /** The same numbers as a leaf, without a gradient yet. */
    PtNDArray leaf(PtNDArray array) {
      PtNDArray leaf = in(array);
      JniUtils.attachGradient(leaf, true);
      return leaf;
    }
  }

  /** What makes arrays, and which of them are results. */
  @FunctionalInterface
  interface Body {
    List<PtNDArray> run(Step step);
  }

  /** Runs a body; libtorch's gradient mode belongs to the thread. */
  record Managed(PtNDManager data, boolean gradients, Body body) implements Contender {
    @Override
    public void run() {
      JniUtils.setGradMode(gradients);
      try (var step = (PtNDManager) data.newSubManager()) {
        body.run(new Step(step));
      }
    }

    @Override
    public List<float[]> compute() {
      JniUtils.setGradMode(gradients);
      try (var step = (PtNDManager) data.newSubManager()) {
        return body.run(new Step(step)).stream().map(TorchPeer::copy).toList();
      }
    }

    @Override
    public void close() {
      data.close();
    }
  }
}
