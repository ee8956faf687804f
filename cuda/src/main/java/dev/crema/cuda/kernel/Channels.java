package dev.crema.cuda.kernel;

import dev.crema.backend.ChannelPlan;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;

/** Work per channel, as {@code channel.cu} lays it out. */
record Channels(ChannelPlan plan, Split split) {
  static final String FILE = "channel";

  /** Below this many dense elements, neighbouring threads rather take neighbouring channels. */
  private static final int DENSE = 16;

  /** Bytes of a line's part, at most: four numbers. */
  private static final int PART = 32;

  static Channels of(ChannelPlan plan) {
    Lanes lanes = plan.inner() < DENSE ? Lanes.across(plan.count()) : Lanes.along(plan.count());
    return new Channels(plan, Split.of(lanes, plan.c(), plan.count()));
  }

  int lines() {
    return split.segments() * plan.c();
  }

  int elements() {
    return plan.c() * plan.count();
  }

  Kernel kernel(CudaDevice device, String name) {
    return device.kernels().get(FILE, Grid.name(name, plan.dtype()));
  }

  /** Scratch for what each line leaves. */
  CudaMemory parts(CudaDevice device) {
    return device.allocate(Math.max(1L, lines()) * PART);
  }

  /** The arguments of a kernel that walks lines. */
  Args walk(CudaDevice device, String name) {
    return kernel(device, name).args().ints(split.lanes().ints()).ints(ints());
  }

  void launch(Args args) {
    args.launch(split.lanes().blocks(lines()), Grid.THREADS, 0);
  }

  /** The struct of the kernels. */
  int[] ints() {
    int[] c = Nest.divisor(plan.c());
    int[] inner = Nest.divisor(plan.inner());
    return new int[] {
      c[0], c[1], c[2], inner[0], inner[1], inner[2], plan.count(), split.segment(), lines()
    };
  }
}
