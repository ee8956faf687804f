package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A layer that was forgotten to be registered is an error, not a layer that never learns. */
class RegistrationTest {
  private static class Net extends Module {
    final Linear fc = add("fc", new Linear(2, 2));

    @Override
    protected Tensor forward(Tensor x) {
      return fc.call(x);
    }
  }

  private static String refused(Module module) {
    var refusal = assertThrows(IllegalStateException.class, () -> module.call(Tensor.zeros(1, 2)));
    return String.valueOf(refusal.getMessage());
  }

  private static void accepted(Module module) {
    assertThat(module.call(Tensor.zeros(1, 2)).numel()).isEqualTo(2);
  }

  private static final class Forgetful extends Net {
    private final Linear head = new Linear(2, 2);

    @Override
    protected Tensor forward(Tensor x) {
      return head.call(fc.call(x));
    }
  }

  @Test
  void aLayerThatWasNotAddedNamesItsFieldAndTheFix() {
    assertThat(refused(new Forgetful()))
        .isEqualTo(
            "Forgetful: the Linear in field 'head' is not registered, so it would be neither"
                + " trained nor saved. Hint: head = add(\"head\", ...), or make the field transient"
                + " if it belongs to another module");
  }

  @Test
  void theErrorComesAgainAndFromWithinOtherModules() {
    var model = new Sequential(new Forgetful());
    assertThat(refused(model)).startsWith("Forgetful: the Linear in field 'head'");
    assertThat(refused(model)).startsWith("Forgetful: the Linear in field 'head'");
  }

  private static final class Scale extends Net {
    private final Tensor scale = Tensor.ones(2).requiresGrad_();

    @Override
    protected Tensor forward(Tensor x) {
      return fc.call(x).mul(scale);
    }
  }

  @Test
  void aTrainableTensorThatIsNoParameterNamesItsFieldAndTheFix() {
    assertThat(refused(new Scale()))
        .startsWith("Scale: the tensor in field 'scale' is not registered")
        .contains("scale = parameter(\"scale\", ...)");
  }

  private static final class Holder extends Net {
    private final Object held;

    Holder(Object held) {
      this.held = held;
    }

    @Override
    protected Tensor forward(Tensor x) {
      assertThat(held).isNotNull();
      return fc.call(x);
    }
  }

  @Test
  void layersInListsArraysAndMapsAreSeenToo() {
    var layer = new Linear(2, 2);
    for (Object held :
        List.of(List.of(new ReLU(), layer), new Linear[] {layer}, Map.of("a", layer))) {
      assertThat(refused(new Holder(held)))
          .contains("in field 'held'", "Hint: register each with add(name, ...)");
    }
    accepted(new Holder(List.of("no layer")));
  }

  private static final class Deliberate extends Net {
    private static final Linear CONSTANT = new Linear(2, 2);
    private final transient Module shared;
    private final Module deeper;
    private final List<Module> registered;
    private final Tensor weight = fc.weight();
    private final Tensor constant = Tensor.ones(2);
    private final @Nullable Module absent = null;
    private final Module self = this;

    Deliberate(Module shared) {
      this.shared = shared;
      var block = add("block", new Sequential(new ReLU()));
      this.deeper = block.children().values().iterator().next();
      this.registered = List.of(block, fc);
    }

    @Override
    protected Tensor forward(Tensor x) {
      assertThat(self).isSameAs(this);
      assertThat(absent).isNull();
      assertThat(registered).hasSize(2);
      Tensor y = CONSTANT.call(shared.call(deeper.call(fc.call(x))));
      return y.mul(constant).add(weight.sum(0));
    }
  }

  @Test
  void whatBelongsToAnotherModuleIsTransientAndWhatIsRegisteredBelowMayBeHeld() {
    accepted(new Deliberate(new Linear(2, 2)));
  }

  private final class Inner extends Net {
    private boolean inside() {
      return RegistrationTest.this != null;
    }
  }

  @Test
  void capturedVariablesAndTheEnclosingInstanceAreNotFields() {
    var captured = new Linear(2, 2);
    accepted(
        new Module() {
          @Override
          protected Tensor forward(Tensor x) {
            return captured.call(x);
          }
        });
    var inner = new Inner();
    accepted(inner);
    assertThat(inner.inside()).isTrue();
  }
}
