package dev.crema.bench.peers.lib;

import static dev.crema.bench.peers.onnx.OnnxGraph.Attribute.ints;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.crema.bench.peers.onnx.OnnxGraph;
import dev.crema.bench.peers.onnx.OnnxOps;
import dev.crema.bench.peers.task.ConvTask;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.InferTask;
import dev.crema.bench.peers.task.Task;
import dev.crema.bench.peers.task.TrainTask;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime: inference only. Weights are constants, which it may rearrange beforehand. */
final class OnnxRuntimePeer implements Peer {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private int threads = 1;

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  @Override
  public String details() {
    return "ONNX Runtime %s, provider CPU".formatted(environment.getVersion());
  }

  @Override
  public void setThreads(int threads) {
    this.threads = threads;
  }

  @Override
  public @Nullable Contender contender(Task task) {
    return switch (task) {
      case ConvTask t when !t.backward() -> session(conv(t), t.x(), t.xShape());
      case InferTask t -> session(net(t), t.images(), t.net().imagesShape(t.batch()));
      case ConvTask _, GemmTask _, TrainTask _ -> null;
    };
  }

  private static byte[] conv(ConvTask task) {
    var h = task.problem().h();
    var w = task.problem().w();
    var graph = new OnnxGraph();
    graph.constant("w", task.w(), task.wShape());
    String y =
        graph.node(
            "Conv",
            List.of(OnnxGraph.INPUT, "w"),
            ints("strides", h.stride(), w.stride()),
            ints("pads", h.before(), w.before(), h.before(), w.before()),
            ints("dilations", h.dilation(), w.dilation()),
            OnnxGraph.Attribute.of("group", task.problem().groups()));
    return graph.model(y, task.xShape());
  }

  private static byte[] net(InferTask task) {
    var graph = new OnnxGraph();
    String logits = task.net().forward(new OnnxOps(graph, task.weights()), OnnxGraph.INPUT);
    return graph.model(logits, task.net().imagesShape(task.batch()));
  }

  private Contender session(byte[] model, float[] x, long[] shape) {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      // Its threads may spin while it runs, not while others do.
      options.addConfigEntry("session.force_spinning_stop", "1");
      return new Session(environment, environment.createSession(model, options), x, shape);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Session implements Contender {
    private final OrtSession session;
    private final Arena memory = Arena.ofConfined();
    private final OnnxTensor input;

    Session(OrtEnvironment environment, OrtSession session, float[] x, long[] shape)
        throws OrtException {
      this.session = session;
      FloatBuffer buffer =
          memory
              .allocate((long) x.length * Float.BYTES, 64)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      buffer.put(x).rewind();
      input = OnnxTensor.createTensor(environment, buffer, shape);
    }

    @Override
    public void run() {
      try (var _ = session.run(Map.of(OnnxGraph.INPUT, input))) {
        // its results are freed
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<float[]> compute() {
      try (var result = session.run(Map.of(OnnxGraph.INPUT, input))) {
        FloatBuffer y = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] data = new float[y.remaining()];
        y.get(data);
        return List.of(data);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      input.close();
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      } finally {
        memory.close();
      }
    }
  }
}
