package dev.crema.nn.data;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.Transfer;
import java.util.function.Consumer;

/** A batch between the thread that prepared it and the one that asks for it. */
sealed interface Prepared extends AutoCloseable {
  /** Pixels as they travel, and labels. */
  record Raw(Object images, long[] labels) {
    Shape labelShape() {
      return Shape.of(labels.length);
    }
  }

  /** The batch, in no scope. */
  Batch arrive();

  /** Gives up what has not arrived. */
  @Override
  void close();

  /** For the CPU: it becomes tensors when it is asked for, and its arrays are {@code done} with. */
  record Here(Raw raw, Shape shape, Consumer<Raw> done) implements Prepared {
    @Override
    public Batch arrive() {
      Tensor images = Tensor.copyOf(raw.images, DType.F32, shape, Device.cpu());
      Tensor labels = Tensor.copyOf(raw.labels, DType.I64, raw.labelShape(), Device.cpu());
      done.accept(raw);
      return new Batch(Scope.escape(images), Scope.escape(labels));
    }

    @Override
    public void close() {}
  }

  /** On its way to another device. */
  record Sent(Transfer images, Transfer labels, Packing packing) implements Prepared {
    static Sent to(Device device, Raw raw, Shape shape, Packing packing) {
      Transfer images = Transfer.start(raw.images, packing.dtype(), shape, device);
      try {
        var labels = Transfer.start(raw.labels, DType.I64, raw.labelShape(), device);
        return new Sent(images, labels, packing);
      } catch (RuntimeException e) {
        images.close();
        throw e;
      }
    }

    @Override
    public Batch arrive() {
      try (this) {
        Tensor arrived = Scope.escape(labels.arrive());
        try {
          return new Batch(packing.unpack(images.arrive()), arrived);
        } catch (RuntimeException e) {
          arrived.close();
          throw e;
        }
      }
    }

    @Override
    public void close() {
      images.close();
      labels.close();
    }
  }
}
