package dev.crema.nn.data;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How images travel to their device: as the floats that they shall be there or, where pixels are
 * bytes until they are normalised, as those bytes, which become the same floats, bit for bit, on
 * the device.
 *
 * @param before what happens to an image before it travels
 * @param bytes whether it travels as bytes
 * @param after what happens to bytes after that, once they are numbers in [0, 1]
 */
record Packing(ImageTransform before, boolean bytes, @Nullable Normalize after) {

  static Packing of(Dataset dataset, LoaderOptions options) {
    ImageTransform all = options.transform();
    List<ImageTransform> steps = ImageTransform.Compose.of(all).steps();
    boolean normalised = !steps.isEmpty() && steps.getLast() instanceof Normalize;
    List<ImageTransform> first = normalised ? steps.subList(0, steps.size() - 1) : steps;
    ImageTransform before =
        first.isEmpty() ? ImageTransform.IDENTITY : new ImageTransform.Compose(first);
    boolean bytes =
        !options.device().equals(Device.cpu())
            && dataset.hasBytes()
            && before.movesOnly(dataset.imageShape());
    return bytes
        ? new Packing(before, true, normalised ? (Normalize) steps.getLast() : null)
        : new Packing(all, false, null);
  }

  DType dtype() {
    return bytes ? DType.U8 : DType.F32;
  }

  /** A Java array for so many pixels. */
  Object array(int pixels) {
    return bytes ? new byte[pixels] : new float[pixels];
  }

  /** Writes an image into such an array. */
  void pack(float[] image, Object array, int offset) {
    if (array instanceof byte[] packed) {
      for (int i = 0; i < image.length; i++) {
        packed[offset + i] = (byte) (image[i] * 255 + 0.5f);
      }
    } else {
      System.arraycopy(image, 0, array, offset, image.length);
    }
  }

  /** What arrived, as what it shall be, in no scope: itself, or another, and it is closed. */
  Tensor unpack(Tensor arrived) {
    if (!bytes) {
      return Scope.escape(arrived);
    }
    try (arrived;
        Scope _ = Scope.open("unpack")) {
      Tensor images = arrived.to(DType.F32).div_(255);
      return Scope.escape(after == null ? images : after.apply_(images));
    }
  }
}
