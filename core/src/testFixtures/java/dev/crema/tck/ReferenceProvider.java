package dev.crema.tck;

import dev.crema.backend.Backend;
import dev.crema.backend.BackendProvider;
import dev.crema.tensor.Device;
import java.util.Optional;

/** Serves the device {@code reference}. */
public class ReferenceProvider implements BackendProvider {

  @Override
  public String type() {
    return ReferenceBackend.DEVICE.type();
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Backend open(Device device) {
    return new ReferenceBackend(device);
  }

  /** Serves {@code cpu}, too, where no CPU backend is on the class path: in core's own tests. */
  public static final class AsCpu extends ReferenceProvider {
    @Override
    public String type() {
      return "cpu";
    }

    @Override
    public int rank() {
      return Integer.MIN_VALUE;
    }
  }
}
