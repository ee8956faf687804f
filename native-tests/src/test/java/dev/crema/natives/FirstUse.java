package dev.crema.natives;

import dev.crema.cuda.driver.Natives;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that uses the GPU for the first time, for tests of what is done but once: it opens the
 * device, multiplies and convolves, and prints the sum. Given a function and a result, it has the
 * first call of that function fail so, prints the error, and tries again.
 */
final class FirstUse {
  private static final Conv2dOptions RELU = Conv2dOptions.DEFAULT.activation(Activation.RELU);

  private FirstUse() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 2) {
      CpuDriver.get().fail(args[0], 1, Integer.parseInt(args[1]));
      System.out.println("first: " + attempt());
    }
    System.out.println("then: " + attempt());
    System.out.println("without cuDNN: " + Natives.get().dnnFault());
    try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
      lines
          .filter(line -> line.contains(".so"))
          .map(FirstUse::file)
          .distinct()
          .forEach(FirstUse::say);
    }
  }

  private static String attempt() {
    try (Scope _ = Scope.open("first use")) {
      Device cuda = Device.cuda();
      Tensor x = Tensor.full(Shape.of(1, 1, 4, 4), 1, DType.F64, cuda); // small f32 needs no cuBLAS
      Tensor w = Tensor.full(Shape.of(1, 1, 3, 3), 1, DType.F64, cuda);
      Tensor bias = Tensor.zeros(Shape.of(1), DType.F64, cuda);
      Tensor y = x.conv2d(w, bias, RELU).reshape(2, 2);
      return "sum " + y.matmul(y).sum().item(); // 4 elements, each 9·9 + 9·9
    } catch (TensorException e) {
      return "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
    }
  }

  private static String file(String mapping) {
    return mapping.substring(mapping.indexOf('/'));
  }

  private static void say(String file) {
    System.out.println("mapped: " + file);
  }
}
