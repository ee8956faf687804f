package dev.crema.cuda.driver;

import jcuda.driver.CUevent;
import org.jspecify.annotations.Nullable;

/** Memory that a copy is on its way to; the {@link Uploads} that made it keeps it. */
final class Upload implements CudaMemory {
  private final Uploads uploads;
  final Block block;

  /** Comes when the copy is done; null once compute waits for it. */
  @Nullable CUevent copied;

  Upload(Uploads uploads, Block block) {
    this.uploads = uploads;
    this.block = block;
  }

  @Override
  public long address() {
    return block.address();
  }

  @Override
  public long bytes() {
    return block.bytes();
  }

  @Override
  public void watch(Object owner) {
    block.watch(owner);
  }

  @Override
  public void close() {
    uploads.close(this);
  }
}
