package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.autograd.NoGrad;
import dev.crema.nn.init.Init;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every module does: names, modes, state dict, hooks, error paths, memory. */
class ModuleTest {

  /** A residual block as in torchvision's ResNet. */
  private static final class BasicBlock extends Module {
    private final Conv2d conv1 = add("conv1", new Conv2d(4, 4, 3).padding(1).bias(false));
    private final BatchNorm2d bn1 = add("bn1", new BatchNorm2d(4));
    private final Module downsample =
        add("downsample", new Sequential(new Conv2d(4, 4, 1).bias(false), new BatchNorm2d(4)));

    @Override
    protected Tensor forward(Tensor x) {
      return bn1.call(conv1.call(x)).relu().add(downsample.call(x));
    }
  }

  /** A small network with a ResNet's names. */
  private static final class SmallResNet extends Module {
    private final Conv2d conv1 = add("conv1", new Conv2d(3, 4, 3).padding(1));
    private final Sequential layer1 = add("layer1", new Sequential(new BasicBlock()));
    private Linear fc = add("fc", new Linear(4, 10));

    @Override
    protected Tensor forward(Tensor x) {
      return fc.call(layer1.call(conv1.call(x)).mean(2, 3));
    }

    void head(Linear other) {
      fc = replace("fc", other);
    }
  }

  private static SmallResNet seeded() {
    return Init.seeded(5, SmallResNet::new);
  }

  @Test
  void stateDictHasPyTorchsNamesInPyTorchsOrder() {
    assertThat(seeded().stateDict().keySet())
        .containsExactly(
            "conv1.weight",
            "conv1.bias",
            "layer1.0.conv1.weight",
            "layer1.0.bn1.weight",
            "layer1.0.bn1.bias",
            "layer1.0.bn1.running_mean",
            "layer1.0.bn1.running_var",
            "layer1.0.bn1.num_batches_tracked",
            "layer1.0.downsample.0.weight",
            "layer1.0.downsample.1.weight",
            "layer1.0.downsample.1.bias",
            "layer1.0.downsample.1.running_mean",
            "layer1.0.downsample.1.running_var",
            "layer1.0.downsample.1.num_batches_tracked",
            "fc.weight",
            "fc.bias");
    assertThat(seeded().namedParameters())
        .hasSize(10)
        .doesNotContainKey("layer1.0.bn1.running_var");
    assertThat(seeded().namedModules().keySet())
        .containsExactly(
            "",
            "conv1",
            "layer1",
            "layer1.0",
            "layer1.0.conv1",
            "layer1.0.bn1",
            "layer1.0.downsample",
            "layer1.0.downsample.0",
            "layer1.0.downsample.1",
            "fc");
    assertThat(seeded().getBuffer("layer1.0.bn1.num_batches_tracked").dtype()).isEqualTo(DType.I64);
  }

  @Test
  void aLoadedModelComputesTheSame() {
    var source = seeded();
    var target = new SmallResNet();
    Tensor x = Tensor.rand(2, 3, 5, 5);
    source.call(x); // moves the running statistics, which are loaded too
    target.loadStateDict(source.stateDict());
    assertThat(target.eval().call(x).toFloatArray())
        .containsExactly(source.eval().call(x).toFloatArray());
  }

  @Test
  void loadingListsEveryFaultAndChangesNothing() {
    var model = seeded();
    float[] before = model.getParameter("conv1.bias").toFloatArray();
    Map<String, Tensor> state = new LinkedHashMap<>(model.stateDict());
    state.remove("fc.bias");
    state.remove("conv1.weight");
    state.put("conv1.bias", Tensor.zeros(4));
    state.put("fc.weight", Tensor.zeros(5, 4));
    state.put("layer1.0.bn1.bias", Tensor.zeros(8));
    state.put("head.weight", Tensor.zeros(1));
    assertThatThrownBy(() -> model.loadStateDict(state))
        .isInstanceOf(StateDictException.class)
        .hasMessage(
            """
            loadStateDict: the checkpoint does not fit SmallResNet
              missing: conv1.weight, fc.bias
              unexpected: head.weight
              layer1.0.bn1.bias: expected shape [4], got [8]
              fc.weight: expected shape [10, 4], got [5, 4]\
            """);
    assertThat(model.getParameter("conv1.bias").toFloatArray()).containsExactly(before);
  }

  @Test
  void lenientLoadingTakesWhatFits() {
    var model = seeded();
    model.loadStateDict(Map.of("conv1.bias", Tensor.ones(4), "other", Tensor.ones(1)), false);
    assertThat(model.getParameter("conv1.bias").toFloatArray()).containsOnly(1f);
  }

  @Test
  void anErrorNamesThePathOfTheLayerAndKeepsItsType() {
    var model =
        new Sequential(new ReLU(), new Sequential(new Flatten(), new Linear(12, 4), new Tanh()));
    assertThatThrownBy(() -> model.call(Tensor.zeros(2, 3, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("1.1 (Linear): linear: expected input [.., in]");
    var resNet = new SmallResNet();
    assertThatThrownBy(() -> resNet.call(Tensor.zeros(1, 1, 5, 5)))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("conv1 (Conv2d): conv2d: input [1, 1, 5, 5]");
    assertThatThrownBy(() -> resNet.layer1.call(Tensor.zeros(1, 3, 5, 5)))
        .hasMessageStartingWith("layer1.0.conv1 (Conv2d): conv2d: ");
    assertThatThrownBy(() -> new Conv2d(3, 4, 3).call(Tensor.copyOf(new int[27], 3, 3, 3)))
        .isInstanceOf(DTypeException.class)
        .hasMessageStartingWith("Conv2d: conv2d: ");
  }

  @Test
  void namesAreUniqueAndWithoutDots() {
    assertThatThrownBy(() -> new Sequential(Map.of("a.b", new ReLU())))
        .hasMessage("Sequential: expected a name without dots, got 'a.b'");
    assertThatThrownBy(() -> new Sequential(Map.of("1", new ReLU())).append(new ReLU()))
        .hasMessage("Sequential: the name '1' is taken already");
  }

  @Test
  void aLayerCanBeReplaced() {
    var model = seeded();
    model.head(new Linear(4, 3));
    assertThat(model.call(Tensor.rand(2, 3, 5, 5)).shape()).isEqualTo(Shape.of(2, 3));
    assertThat(model.getParameter("fc.bias").shape()).isEqualTo(Shape.of(3));
    var sequential = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 4));
    sequential.set(2, new Linear(3, 7));
    assertThat(sequential.call(Tensor.rand(1, 2)).shape()).isEqualTo(Shape.of(1, 7));
    assertThat(sequential.children().keySet()).containsExactly("0", "1", "2");
    assertThat(sequential).hasSize(3);
  }

  @Test
  void aReplacementThatMissesTheFieldIsAnErrorAtTheNextCall() {
    var model = seeded();
    Tensor x = Tensor.rand(2, 3, 5, 5);
    model.call(x);
    model.replace("fc", new Linear(4, 3)); // The field still has, and uses, the old one.
    assertThatThrownBy(() -> model.call(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fc");
  }

  @Test
  void sharedLayersAndParametersAreListedOnce() {
    var shared = new Linear(2, 2);
    var model = new Sequential(shared, new ReLU(), shared);
    assertThat(model.parameters()).hasSize(2);
    assertThat(model.namedModules().keySet()).containsExactly("", "0", "1");
    assertThat(model.stateDict().keySet())
        .containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
  }

  @Test
  void pathsLeadToLayersParametersAndBuffers() {
    var model = seeded();
    assertThat(model.getSubmodule("")).isSameAs(model);
    assertThat(model.getSubmodule("layer1.0.conv1")).isInstanceOf(Conv2d.class);
    assertThat(model.getParameter("fc.bias")).isSameAs(model.fc.bias());
    assertThatThrownBy(() -> model.getParameter("layer1.0.bn1.running_mean"))
        .hasMessage(
            "SmallResNet: no parameter 'layer1.0.bn1.running_mean'; there are [weight, bias]");
    assertThatThrownBy(() -> model.getSubmodule("layer1.3.conv1"))
        .hasMessage("SmallResNet: no layer 'layer1.3.conv1'; there are [0]");
  }

  @Test
  void modesReachEveryLayer() {
    var model = seeded();
    assertThat(model.isTraining()).isTrue();
    model.eval();
    assertThat(model.namedModules().values()).noneMatch(Module::isTraining);
    model.train();
    assertThat(model.namedModules().values()).allMatch(Module::isTraining);
  }

  @Test
  void frozenParametersGetNoGradient() {
    var model = seeded();
    model.requiresGrad_(false);
    model.fc.requiresGrad_(true);
    model.call(Tensor.rand(2, 3, 5, 5)).sum().backward();
    model
        .namedParameters()
        .forEach((path, p) -> assertThat(p.grad() != null).isEqualTo(path.startsWith("fc.")));
    model.zeroGrad();
    assertThat(model.parameters()).allMatch(p -> p.grad() == null);
  }

  @Test
  void hooksSeeAndReplaceResultsUntilTheyAreRemoved() {
    var model = seeded();
    List<Shape> seen = new ArrayList<>();
    List<Tensor> kept = new ArrayList<>();
    try (var _ =
            model.conv1.registerForwardHook(
                (_, x, y) -> {
                  seen.add(x.shape());
                  kept.add(Scope.escape(y.detach()));
                  return null;
                });
        var _ = model.fc.registerForwardHook((_, _, y) -> y.mul(0).add(1))) {
      assertThat(model.call(Tensor.rand(2, 3, 5, 5)).toFloatArray()).containsOnly(1f);
    }
    assertThat(seen).containsExactly(Shape.of(2, 3, 5, 5));
    assertThat(kept.getFirst().shape()).isEqualTo(Shape.of(2, 4, 5, 5));
    kept.getFirst().close();
    assertThat(model.call(Tensor.rand(2, 3, 5, 5)).sub(1).abs().max().item()).isPositive();
    assertThat(seen).hasSize(1);
  }

  @Test
  void aModelConvertsInPlace() {
    var model = seeded();
    Tensor weight = model.fc.weight();
    model.to(DType.F64);
    assertThat(model.fc.weight()).isSameAs(weight);
    assertThat(model.namedParameters().values()).allMatch(p -> p.dtype() == DType.F64);
    assertThat(model.getBuffer("layer1.0.bn1.num_batches_tracked").dtype()).isEqualTo(DType.I64);
    Tensor y = model.call(Tensor.rand(2, 3, 5, 5).to(DType.F64));
    y.sum().backward();
    assertThat(weight.grad()).isNotNull();
  }

  @Test
  void aModelMovesToAnotherDeviceAndBackWithItsNumbers() {
    Device reference = new Device("reference", 0);
    var model = seeded();
    Tensor x = Tensor.rand(2, 3, 5, 5);
    float[] expected = model.eval().call(x).toFloatArray();
    Tensor weight = model.fc.weight();
    model.to(reference);
    assertThat(model.stateDict().values()).allMatch(t -> t.device().equals(reference));
    Tensor y = model.call(x.to(reference));
    assertThat(y.toFloatArray()).containsExactly(expected, within(1e-5f));
    y.sum().backward();
    assertThat(weight.grad()).isNotNull();
    model.to(Device.cpu());
    assertThat(model.call(x).toFloatArray()).containsExactly(expected);
  }

  @Test
  void onlyTheResultOutlivesAForward() {
    var model = seeded();
    List<Tensor> inside = new ArrayList<>();
    var hook = model.layer1.registerForwardHook((_, _, y) -> inside.add(y) ? null : null);
    Tensor y = model.call(Tensor.rand(2, 3, 5, 5));
    hook.close();
    assertThat(y.isClosed()).isFalse();
    assertThatThrownBy(() -> inside.getFirst().sum())
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("closed by scope 'SmallResNet'");
    y.sum().backward(); // what the graph saved is still there
  }

  @Test
  void closingFreesTheParameters() {
    var model = seeded();
    model.close();
    assertThat(model.stateDict().values()).allMatch(Tensor::isClosed);
    assertThatThrownBy(() -> model.call(Tensor.rand(1, 3, 5, 5)))
        .isInstanceOf(ClosedException.class)
        .hasMessageStartingWith(
            "conv1 (Conv2d): tensor f32 [4, 3, 3, 3]: used after it was closed");
  }

  @Test
  void threadsShareAModelInInference() throws Exception {
    Module model = seeded().eval();
    Tensor x = Tensor.rand(2, 3, 5, 5);
    float[] expected = model.call(x).toFloatArray();
    Callable<float[]> inference =
        () -> {
          try (var _ = NoGrad.open();
              var _ = Scope.open("inference")) {
            return model.call(Tensor.copyOf(x.toFloatArray(), 2, 3, 5, 5)).toFloatArray();
          }
        };
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var result : threads.invokeAll(Collections.nCopies(40, inference))) {
        assertThat(result.get()).containsExactly(expected);
      }
    }
  }
}
