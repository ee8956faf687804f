package dev.crema.tck;

import dev.crema.cases.OpCase;
import dev.crema.tensor.Device;
import java.util.List;

/** The reference against itself: ops, gradients, views and memory, whatever the backend. */
final class ReferenceConformanceTest extends ConformanceSuite {
  @Override
  protected Device device() {
    return ReferenceBackend.DEVICE;
  }

  @Override
  protected List<OpCase> cases() {
    return super.cases().stream().filter(c -> !c.large()).toList();
  }
}
