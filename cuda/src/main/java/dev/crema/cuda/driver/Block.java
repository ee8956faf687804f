package dev.crema.cuda.driver;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Memory of an allocator while somebody owns it; in the allocator's list of such. */
final class Block implements CudaMemory {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CachingAllocator allocator;

  /** Where it goes when it is closed. */
  final Shelves home;

  private final long address;
  private final long bytes;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Cleaner.@Nullable Cleanable alarm;

  /** The op that it was made for. */
  volatile String op;

  /** Where it was made; in debug mode only. */
  final @Nullable Throwable made;

  /** How many captured steps need it, closed or not; guarded by the allocator. */
  int holders;

  /** Whether it goes home when the last of them does not need it any more; likewise. */
  boolean given;

  @Nullable Block before;
  @Nullable Block after;

  Block(
      CachingAllocator allocator,
      Shelves home,
      long address,
      long bytes,
      String op,
      @Nullable Throwable made) {
    this.allocator = allocator;
    this.home = home;
    this.address = address;
    this.bytes = bytes;
    this.op = op;
    this.made = made;
  }

  @Override
  public long address() {
    allocator.used(this);
    return address;
  }

  /** The address, for the allocator's own use. */
  long place() {
    return address;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void watch(Object owner) {
    alarm = CLEANER.register(owner, this::forgotten);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      allocator.give(this);
      if (alarm != null) {
        alarm.clean();
      }
    }
  }

  private void forgotten() {
    if (closed.compareAndSet(false, true)) {
      allocator.forgotten(this);
    }
  }
}
