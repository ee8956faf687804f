package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.TensorException;
import java.util.function.Consumer;

/**
 * A misuse, and what is thrown at it.
 *
 * @param name what is misused, and how
 * @param type the exact exception
 * @param message its exact text, with {@code {device}} and {@code {other}} for the two devices
 * @param misuse does it, with tensors on the device; where only the data is wrong, it reads the
 *     result, since a device may notice no earlier
 */
record ErrorCase(
    String name, Class<? extends TensorException> type, String message, Consumer<Device> misuse) {

  void check(Device device) {
    String expected =
        message.replace("{device}", device.toString()).replace("{other}", other(device).toString());
    try (Scope _ = Scope.open(name)) {
      assertThatExceptionOfType(type)
          .isThrownBy(
              () -> {
                misuse.accept(device);
                zeros(device, DType.F32).item(); // where a device that runs behind must know
              })
          .withMessage(expected);
    }
  }

  static Tensor zeros(Device device, DType dtype, long... shape) {
    return Tensor.zeros(Shape.of(shape), dtype, device);
  }

  /** Some other device than this one. */
  static Device other(Device device) {
    return device.equals(ReferenceBackend.DEVICE) ? Device.cpu() : ReferenceBackend.DEVICE;
  }
}
