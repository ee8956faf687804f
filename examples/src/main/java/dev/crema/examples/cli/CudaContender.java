package dev.crema.examples.cli;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import dev.crema.bench.lab.DeviceLab;
import dev.crema.cpu.conv.Direction;
import dev.crema.cuda.Cuda;
import dev.crema.cuda.cudnn.Pinned;
import dev.crema.tensor.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An algorithm of cuDNN, or im2col with cuBLAS, as the lab sees it. */
record CudaContender(Pinned pinned) implements DeviceLab.Contender {

  /** All that there are for a plan. */
  static List<CudaContender> all(Device device, Conv2dPlan plan, Direction direction) {
    var same =
        switch (direction) {
          case FORWARD -> dev.crema.cuda.cudnn.Direction.FORWARD;
          case BACKWARD_INPUT -> dev.crema.cuda.cudnn.Direction.BACKWARD_INPUT;
          case BACKWARD_WEIGHT -> dev.crema.cuda.cudnn.Direction.BACKWARD_WEIGHT;
        };
    return Cuda.convolutions(device, plan, same).stream().map(CudaContender::new).toList();
  }

  @Override
  public String name() {
    return pinned.name();
  }

  @Override
  public @Nullable String declines() {
    return pinned.declined();
  }

  @Override
  public long workspaceBytes() {
    return pinned.workspaceBytes();
  }

  @Override
  public boolean auto() {
    return pinned.auto();
  }

  @Override
  public void run(View a, View b, View result) {
    pinned.body().run(a, b, result);
  }
}
