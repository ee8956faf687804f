package dev.crema.nn;

import static dev.crema.nn.Pair.pair;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Padding;
import dev.crema.tensor.PaddingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Modules print as PyTorch 2 prints them. */
class PrintTest {

  @Test
  void convolutionsPrintWhatDiffersFromTheDefaults() {
    assertThat(new Conv2d(3, 32, 3).padding(1))
        .hasToString("Conv2d(3, 32, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))");
    assertThat(new Conv2d(16, 33, pair(3, 5)).stride(2, 1).padding(4, 2).dilation(3, 1))
        .hasToString(
            "Conv2d(16, 33, kernel_size=(3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))");
    assertThat(new Conv2d(8, 8, 1).groups(8).bias(false).paddingMode(PaddingMode.REFLECT))
        .hasToString(
            "Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1), groups=8, bias=False,"
                + " padding_mode=reflect)");
    assertThat(new Conv2d(8, 8, 3).padding(Padding.same()))
        .hasToString("Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=same)");
    assertThat(new Conv2d(8, 8, 3).padding(Padding.of(0, 1, 2, 3)))
        .hasToString("Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=(0, 1, 2, 3))");
  }

  @Test
  void layersPrintTheirOptions() {
    assertThat(new Linear(2048, 512))
        .hasToString("Linear(in_features=2048, out_features=512, bias=True)");
    assertThat(new Linear(2, 5).bias(false))
        .hasToString("Linear(in_features=2, out_features=5, bias=False)");
    assertThat(new MaxPool2d(2, 2))
        .hasToString("MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)");
    assertThat(new MaxPool2d(pair(3, 3)).stride(2).padding(1).ceilMode(true))
        .hasToString(
            "MaxPool2d(kernel_size=(3, 3), stride=2, padding=1, dilation=1, ceil_mode=True)");
    assertThat(new AvgPool2d(2)).hasToString("AvgPool2d(kernel_size=2, stride=2, padding=0)");
    assertThat(new AdaptiveAvgPool2d(6, 6)).hasToString("AdaptiveAvgPool2d(output_size=(6, 6))");
    assertThat(new AdaptiveMaxPool2d(1)).hasToString("AdaptiveMaxPool2d(output_size=1)");
    assertThat(new BatchNorm2d(32))
        .hasToString(
            "BatchNorm2d(32, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
    assertThat(new BatchNorm2d(32).eps(0.001).momentum(0.01))
        .hasToString(
            "BatchNorm2d(32, eps=0.001, momentum=0.01, affine=True, track_running_stats=True)");
    assertThat(new LocalResponseNorm(5, 1e-4, 0.75, 2))
        .hasToString("LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=2.0)");
    assertThat(new Dropout()).hasToString("Dropout(p=0.5, inplace=False)");
    assertThat(new Flatten()).hasToString("Flatten(start_dim=1, end_dim=-1)");
    assertThat(new ReLU()).hasToString("ReLU()");
    assertThat(new ReLU(true)).hasToString("ReLU(inplace=True)");
    assertThat(new LeakyReLU()).hasToString("LeakyReLU(negative_slope=0.01)");
    assertThat(new ELU()).hasToString("ELU(alpha=1.0)");
    assertThat(new SiLU()).hasToString("SiLU()");
    assertThat(new Softmax(1)).hasToString("Softmax(dim=1)");
    assertThat(new Sigmoid()).hasToString("Sigmoid()");
    assertThat(new Tanh()).hasToString("Tanh()");
    assertThat(new Identity()).hasToString("Identity()");
  }

  @Test
  void numbersPrintAsInPython() {
    assertThat(ModulePrinter.python(0)).isEqualTo("0.0");
    assertThat(ModulePrinter.python(1)).isEqualTo("1.0");
    assertThat(ModulePrinter.python(-0.5)).isEqualTo("-0.5");
    assertThat(ModulePrinter.python(1e-4)).isEqualTo("0.0001");
    assertThat(ModulePrinter.python(1e-5)).isEqualTo("1e-05");
    assertThat(ModulePrinter.python(1.25e-10)).isEqualTo("1.25e-10");
    assertThat(ModulePrinter.python(12345678)).isEqualTo("12345678.0");
    assertThat(ModulePrinter.python(1e16)).isEqualTo("1e+16");
  }

  @Test
  void nestedContainersIndentByTwo() {
    Map<String, Module> named = new LinkedHashMap<>();
    named.put("norm", new BatchNorm2d(2).affine(false));
    named.put("empty", new Sequential());
    assertThat(new Sequential(new Sequential(new ReLU(), new Tanh()), new Sequential(named)))
        .hasToString(
            """
            Sequential(
              (0): Sequential(
                (0): ReLU()
                (1): Tanh()
              )
              (1): Sequential(
                (norm): BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=False, track_running_stats=True)
                (empty): Sequential()
              )
            )\
            """);
  }
}
