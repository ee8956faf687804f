package dev.crema.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.tensor.AutogradException;
import dev.crema.tensor.DType;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BackwardTest {

  private static Tensor leaf(double... values) {
    return Tensor.copyOf(values).requiresGrad_();
  }

  private static Tensor gradOf(Tensor leaf) {
    return Objects.requireNonNull(leaf.grad(), "the leaf has no gradient");
  }

  private static double[] grad(Tensor leaf) {
    return gradOf(leaf).toDoubleArray();
  }

  // ---- what arrives ----

  @Test
  void gradientsAddUpOverUsesAndOverCalls() {
    Tensor x = leaf(1, 2, 3);
    x.mul(x).add(x).sum().backward();
    assertThat(grad(x)).containsExactly(3, 5, 7);
    x.sum().backward();
    assertThat(grad(x)).containsExactly(4, 6, 8);
    x.zeroGrad();
    assertThat(x.grad()).isNull();
  }

  @Test
  void aBroadcastOperandGetsTheSumOverItsCopies() {
    Tensor x = Tensor.ones(2, 3).requiresGrad_();
    Tensor row = Tensor.copyOf(new float[] {1, 2, 3}).requiresGrad_();
    Tensor column = Tensor.copyOf(new float[] {5, 7}, 2, 1).requiresGrad_();
    Tensor number = Tensor.copyOf(new float[] {2}).reshape().requiresGrad_();
    x.mul(row).mul(column).mul(number).sum().backward();
    assertThat(gradOf(x).toFloatArray()).containsExactly(10, 20, 30, 14, 28, 42);
    assertThat(gradOf(row).toFloatArray()).containsExactly(24, 24, 24);
    assertThat(gradOf(column).toFloatArray()).containsExactly(12, 12);
    assertThat(gradOf(column).shape()).isEqualTo(column.shape());
    assertThat(gradOf(number).item()).isEqualTo(72);
  }

  @Test
  void aDiamondIsWalkedOncePerNode() {
    Tensor x = leaf(2);
    int[] visits = new int[1];
    Tensor top = x.mul(3);
    top.registerHook(
        _ -> {
          visits[0]++;
          return null;
        });
    Tensor t = top;
    for (int i = 0; i < 30; i++) {
      t = t.add(t);
    }
    t.sum().backward();
    assertThat(visits[0]).isEqualTo(1);
    assertThat(grad(x)).containsExactly(3.0 * (1 << 30));
  }

  @Test
  void aWeightedResultNeedsNoSum() {
    Tensor x = leaf(1, 2, 3);
    x.square().backward(Tensor.copyOf(new double[] {1, 10, 100}), false, false);
    assertThat(grad(x)).containsExactly(2, 40, 600);
  }

  @Test
  void viewsPassTheirGradientToTheWhole() {
    Tensor x = Tensor.zeros(2, 3).requiresGrad_();
    x.t().slice(0, 1, 3).select(1, 1).mul(5).sum().backward();
    assertThat(gradOf(x).toFloatArray()).containsExactly(0, 0, 0, 0, 5, 5);
  }

  @Test
  void theGradientHasTheLeafsDtypeAndIsItsOwn() {
    Tensor x = Tensor.ones(2).requiresGrad_();
    Tensor y = Tensor.ones(2).requiresGrad_();
    x.to(DType.F64).add(y.to(DType.F64)).sum().backward();
    assertThat(gradOf(x).dtype()).isEqualTo(DType.F32);
    gradOf(x).add_(1);
    assertThat(gradOf(y).toFloatArray()).containsExactly(1, 1);
  }

  @Test
  void tiesShareTheGradient() {
    Tensor x = leaf(3, 1, 3, 3);
    x.max().backward();
    assertThat(grad(x)).containsExactly(1.0 / 3, 0, 1.0 / 3, 1.0 / 3);
  }

  // ---- keeping and creating graphs ----

  @Test
  void retainGraphAllowsAnotherBackward() {
    Tensor x = leaf(3);
    Tensor y = x.square().sum();
    y.backward(true);
    y.backward();
    assertThat(grad(x)).containsExactly(12);
    assertThatExceptionOfType(AutogradException.class).isThrownBy(y::backward);
  }

  @Test
  void createGraphMakesTheGradientDifferentiable() {
    Tensor x = leaf(2);
    x.pow(4).sum().backward(null, false, true);
    Tensor first = gradOf(x);
    assertThat(first.item()).isEqualTo(32);
    assertThat(first.requiresGrad()).isTrue();
    Tensor second = Autograd.grad(first.sum(), List.of(x), true).getFirst();
    assertThat(second.item()).isEqualTo(48);
    Tensor third = Autograd.grad(second.sum(), List.of(x), false).getFirst();
    assertThat(third.item()).isEqualTo(48);
    x.zeroGrad();
  }

  @Test
  void gradTouchesNoLeaf() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    List<Tensor> gradients = Autograd.grad(x.mul(y).sum(), List.of(y, x), false);
    assertThat(gradients.get(0).toDoubleArray()).containsExactly(1, 2);
    assertThat(gradients.get(1).toDoubleArray()).containsExactly(3, 4);
    assertThat(x.grad()).isNull();
    assertThat(y.grad()).isNull();
  }

  @Test
  void gradIsZeroWhereNothingDepends() {
    Tensor x = leaf(1, 2);
    Tensor other = leaf(3, 4, 5);
    List<Tensor> gradients = Autograd.grad(x.sum(), List.of(x, other), false);
    assertThat(gradients.get(1).toDoubleArray()).containsExactly(0, 0, 0);
  }

  @Test
  void gradReachesResultsInTheMiddleAndLeavesTheGraphBehindThem() {
    Tensor x = leaf(1, 2);
    Tensor middle = x.mul(3);
    Tensor loss = middle.square().sum();
    Tensor g = Autograd.grad(loss, List.of(middle), false).getFirst();
    assertThat(g.toDoubleArray()).containsExactly(6, 12);
    middle.backward(g, false, false);
    assertThat(grad(x)).containsExactly(18, 36);
  }

  @Test
  void gradOfTheResultItselfIsItsWeight() {
    Tensor y = leaf(1, 2).mul(2);
    assertThat(Autograd.grad(y, List.of(y), false).getFirst().toDoubleArray())
        .containsExactly(1, 1);
  }

  @Test
  void gradOfAConstantIsAnError() {
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(() -> Autograd.grad(leaf(1).sum(), List.of(Tensor.ones(2)), false))
        .withMessage(
            "grad: an input of shape [2] is not differentiable. Hint: requiresGrad_() before the"
                + " forward");
  }

  // ---- what is recorded ----

  @Test
  void nothingIsRecordedUnderNoGrad() {
    Tensor x = leaf(1);
    try (var _ = NoGrad.open()) {
      try (var _ = NoGrad.open()) {
        assertThat(x.mul(2).requiresGrad()).isFalse();
      }
      assertThat(x.mul(2).requiresGrad()).isFalse();
      x.mul_(5);
    }
    assertThat(x.mul(2).requiresGrad()).isTrue();
    assertThat(x.toDoubleArray()).containsExactly(5);
  }

  @Test
  void nothingIsRecordedOfConstantsOrIntegers() {
    assertThat(Tensor.ones(2).mul(2).isLeaf()).isTrue();
    assertThat(leaf(1, 2).gt(1).requiresGrad()).isFalse();
    assertThat(leaf(1, 2).argmax().requiresGrad()).isFalse();
    assertThat(leaf(1, 2).to(DType.I32).requiresGrad()).isFalse();
  }

  @Test
  void aDetachedTensorSharesElementsButNoGraph() {
    Tensor x = leaf(1, 2);
    Tensor constant = x.mul(2).detach();
    assertThat(constant.requiresGrad()).isFalse();
    constant.mul(x).sum().backward();
    assertThat(grad(x)).containsExactly(2, 4);
  }

  @Test
  void aFrozenLeafGetsNoGradient() {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(3, 4);
    w.requiresGrad_(false);
    x.mul(w).sum().backward();
    assertThat(grad(x)).containsExactly(3, 4);
    assertThat(w.grad()).isNull();
  }

  @Test
  void aResultCannotBecomeALeaf() {
    Tensor y = leaf(1).mul(2);
    assertThat(y.isLeaf()).isFalse();
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(() -> y.requiresGrad_(false))
        .withMessage(
            "requiresGrad_: a result of 'mul' follows its inputs. Hint: detach() it first");
  }

  // ---- in place ----

  @Test
  void aSavedTensorThatChangedIsNoticed() {
    Tensor x = leaf(1, 2);
    Tensor y = Tensor.copyOf(new double[] {3, 4});
    Tensor loss = x.mul(y).sum();
    y.add_(1);
    y.zero_();
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(loss::backward)
        .withMessage(
            "backward: a tensor of shape [2] that 'mul' saved for its gradient was changed in place"
                + " 2 time(s) since. Hint: change a copy");
  }

  @Test
  void aChangeThroughAViewIsNoticed() {
    Tensor x = leaf(1, 2);
    Tensor y = Tensor.copyOf(new double[] {3, 4});
    Tensor loss = x.mul(y).sum();
    y.select(0, 1).fill_(9);
    assertThatExceptionOfType(AutogradException.class).isThrownBy(loss::backward);
  }

  @Test
  void aChangeThatNoGradientNeedsIsAllowed() {
    Tensor x = leaf(1, 2);
    Tensor y = Tensor.copyOf(new double[] {3, 4});
    Tensor loss = x.add(y).sum();
    y.zero_();
    loss.backward();
    assertThat(grad(x)).containsExactly(1, 1);
  }

  // ---- hooks ----

  @Test
  void aHookSeesTheCompleteGradientAndMayReplaceIt() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(2);
    double[][] seen = new double[1][];
    h.registerHook(
        g -> {
          seen[0] = g.toDoubleArray();
          return g.mul(10);
        });
    h.add(h.mul(3)).sum().backward();
    assertThat(seen[0]).containsExactly(4, 4);
    assertThat(grad(x)).containsExactly(80, 80);
  }

  @Test
  void aLeafsHookIsRunBeforeItsGradientIsAdded() {
    Tensor x = leaf(3);
    try (var _ = x.registerHook(g -> g.clamp(-1, 1))) {
      x.mul(5).sum().backward();
      assertThat(grad(x)).containsExactly(1);
    }
    x.mul(5).sum().backward();
    assertThat(grad(x)).containsExactly(6);
  }

  @Test
  void hooksAreRunInOrderOnEachOthersResult() {
    Tensor x = leaf(1);
    x.registerHook(g -> g.add(1));
    x.registerHook(_ -> null);
    x.registerHook(g -> g.mul(10));
    x.sum().backward();
    assertThat(grad(x)).containsExactly(20);
  }

  @Test
  void aHookThatChangesTheShapeIsRefused() {
    Tensor x = leaf(1, 2);
    x.registerHook(g -> g.sum());
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> x.sum().backward())
        .withMessage(
            "backward: the gradient for a result of 'leaf' must have its shape [2], got []");
  }

  @Test
  void hooksNeedAGraph() {
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(() -> Tensor.ones(1).registerHook(g -> g))
        .withMessage("registerHook: this tensor has no gradient. Hint: requiresGrad_() first");
  }

  @Test
  void setGradReplacesALeafsGradientOnly() {
    Tensor x = leaf(1);
    x.setGrad(Tensor.copyOf(new double[] {7}));
    assertThat(grad(x)).containsExactly(7);
    assertThatExceptionOfType(AutogradException.class)
        .isThrownBy(() -> x.mul(2).setGrad(Tensor.ones(1)))
        .withMessage("setGrad: only a leaf holds a gradient. Hint: requiresGrad_() first");
  }

  // ---- at the edge of a function's domain ----

  @Test
  void powersAtZeroHaveTheirLimitsGradient() {
    Tensor x = leaf(0, 2);
    Tensor zeroth = x.pow(0).add(x.pow(1)).add(x.pow(2));
    zeroth.sum().backward();
    assertThat(grad(x)).containsExactly(1, 5);
    Tensor base = leaf(0, 0, 2);
    Tensor exponent = leaf(0, 2, 0);
    base.pow(exponent).sum().backward();
    assertThat(grad(base)).containsExactly(0, 0, 0);
    assertThat(grad(exponent)).containsExactly(0, 0, Math.log(2));
  }
}
