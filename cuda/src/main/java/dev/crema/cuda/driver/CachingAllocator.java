package dev.crema.cuda.driver;

import dev.crema.backend.MemoryStats;
import dev.crema.tensor.OutOfMemoryException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one device, kept for reuse: cuMemAlloc is slow, and cuMemFree waits for the device.
 * All work runs on one stream, so a block may go to its next owner while its last owner's work
 * still runs: the next owner's comes after it. What {@link Uploads} write on another stream keeps
 * to shelves of its own, and so does a captured step.
 *
 * <p>Out of memory: the idle blocks go back to the driver; then the garbage collector is asked for
 * forgotten ones; then it is an error that lists bytes by op. Thread safe.
 */
final class CachingAllocator {
  private static final System.Logger LOG = System.getLogger("dev.crema.cuda");
  private static final int COLLECTIONS = 3;
  private static final int LISTED_OPS = 8;

  private final String device;
  private final boolean debug;
  private final Captures captures;
  private final Shelves idle = new Shelves();
  private final Shelves idleUploads = new Shelves();
  private final List<Shelves> ofSteps = new ArrayList<>();
  private final List<Block> forgotten = new ArrayList<>();
  private @Nullable Block live;
  private long liveBlocks;
  private long liveBytes;
  private long peakBytes;

  /**
   * An empty one.
   *
   * @param device its name, for errors
   * @param captures while a thread captures a step, it allocates for that
   * @param debug whether blocks remember where they were made
   */
  CachingAllocator(String device, Captures captures, boolean debug) {
    this.device = device;
    this.captures = captures;
    this.debug = debug;
  }

  /** A block for the running op. */
  Block allocate(long bytes) {
    GraphStep step = captures.mine();
    return allocate(bytes, step == null ? idle : step.shelves);
  }

  /** A block that was never in use but for uploads, whose stream is not the one of compute. */
  Block allocateForUpload(long bytes) {
    return allocate(bytes, idleUploads);
  }

  /** A block for the step that this thread captures, which nothing in it has used before. */
  Block allocateLasting(long bytes) {
    return allocate(bytes, idle);
  }

  private Block allocate(long bytes, Shelves home) {
    Throwable made = debug ? new Throwable("made here") : null;
    long address = take(SizeClass.round(bytes), bytes, home);
    Block block = new Block(this, home, address, bytes, Running.op(), made);
    link(block);
    return block;
  }

  /** Takes back what its owner closed. */
  synchronized void give(Block block) {
    if (block.holders > 0) {
      block.given = true;
      return;
    }
    shelve(block, block.home);
  }

  private void shelve(Block block, Shelves shelves) {
    unlink(block);
    shelves.give(SizeClass.round(block.bytes()), block.place());
  }

  // ---- captured steps ----

  /** Shelves for a step that is about to be captured. */
  synchronized Shelves openShelves() {
    Shelves shelves = new Shelves();
    ofSteps.add(shelves);
    return shelves;
  }

  /** What is on a step's shelves, or will be, is there for all again. */
  synchronized void close(Shelves shelves) {
    shelves.close(idle);
    ofSteps.remove(shelves);
  }

  /** Notes that a thread is about to use a block. */
  void used(Block block) {
    GraphStep step = captures.mine();
    if (step != null) {
      step.hold(block);
    }
  }

  /** Keeps a block in place, even if its owner closes it, until it is released. */
  synchronized void hold(Block block) {
    block.holders++;
  }

  /**
   * Ends a hold. The step's last run may still read what was uploaded before its owner closed it,
   * and no event holds the next copy back: such memory is compute's from here on.
   */
  synchronized void release(Block block) {
    block.holders--;
    if (block.given && block.holders == 0) {
      shelve(block, block.home == idleUploads ? idle : block.home);
    }
  }

  // ---- giving back ----

  /**
   * Notes what the garbage collector found. It stays live until the stream has been waited for:
   * compute may still read what was uploaded, and the next copy to it goes by another stream.
   */
  void forgotten(Block block) {
    if (debug) {
      LOG.log(
          Level.WARNING,
          "%s: a buffer of %s was never closed. Hint: a Scope around it, or close()"
              .formatted(block.op, megabytes(block.bytes())),
          block.made);
    }
    synchronized (this) {
      forgotten.add(block);
    }
  }

  /** Frees what was forgotten; called when the stream has been waited for. */
  synchronized void reclaim() {
    if (!forgotten.isEmpty()) {
      forgotten.forEach(this::give);
      forgotten.clear();
    }
  }

  /**
   * Gives every idle block back to the driver, once the work that was issued on them is done.
   * Whoever calls has the device's context.
   */
  void trim() {
    synchronizeContext();
    synchronized (this) {
      idle.empty(CachingAllocator::free);
      idleUploads.empty(CachingAllocator::free);
    }
  }

  private static void free(long address) {
    Driver.check(JCudaDriver.cuMemFree(new Address(address)), "cuMemFree");
  }

  /** Waits for all of the device, and before that for whoever captures there. */
  private void synchronizeContext() {
    captures.lock.lock();
    try {
      Driver.check(JCudaDriver.cuCtxSynchronize(), "cuCtxSynchronize");
    } finally {
      captures.lock.unlock();
    }
  }

  synchronized MemoryStats stats() {
    long idleBytes =
        idle.bytes() + idleUploads.bytes() + ofSteps.stream().mapToLong(Shelves::bytes).sum();
    return new MemoryStats(liveBlocks, liveBytes, peakBytes, idleBytes);
  }

  /** The bytes of live blocks by the op that they were made for. */
  synchronized Map<String, Long> byOp() {
    Map<String, Long> bytes = new HashMap<>();
    for (Block b = live; b != null; b = b.after) {
      bytes.merge(b.op, b.bytes(), Long::sum);
    }
    return bytes;
  }

  private synchronized void link(Block block) {
    block.after = live;
    if (live != null) {
      live.before = block;
    }
    live = block;
    liveBlocks++;
    liveBytes += block.bytes();
    peakBytes = Math.max(peakBytes, liveBytes);
  }

  private synchronized void unlink(Block block) {
    if (block.before == null) {
      live = block.after;
    } else {
      block.before.after = block.after;
    }
    if (block.after != null) {
      block.after.before = block.before;
    }
    block.before = null;
    block.after = null;
    liveBlocks--;
    liveBytes -= block.bytes();
  }

  private long take(long size, long asked, Shelves home) {
    synchronized (this) {
      long kept = home.take(size);
      if (kept == 0 && ofSteps.contains(home)) {
        kept = idle.take(size);
      }
      if (kept != 0) {
        return kept;
      }
    }
    Address address = new Address();
    if (captures.mine() != null) {
      int rc = GraphStep.apart(() -> JCudaDriver.cuMemAlloc(address, size));
      if (rc == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
        throw outOfMemory(asked);
      }
      Driver.check(rc, "cuMemAlloc");
      return address.value();
    }
    int rc = JCudaDriver.cuMemAlloc(address, size);
    for (int i = 0; rc == CUresult.CUDA_ERROR_OUT_OF_MEMORY && i <= COLLECTIONS; i++) {
      if (i > 0) {
        collect();
      }
      trim();
      rc = JCudaDriver.cuMemAlloc(address, size);
    }
    if (rc == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw outOfMemory(asked);
    }
    Driver.check(rc, "cuMemAlloc");
    return address.value();
  }

  /** Asks the garbage collector, which knows nothing of device memory, for what is forgotten. */
  private void collect() {
    System.gc();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // the cleaner runs in its own thread
    synchronizeContext();
    reclaim();
  }

  private OutOfMemoryException outOfMemory(long asked) {
    MemoryStats now = stats();
    long[] free = new long[1];
    long[] total = new long[1];
    boolean known = JCudaDriver.cuMemGetInfo(free, total) == CUresult.CUDA_SUCCESS;
    return new OutOfMemoryException(
        "%s: no room for %s on %s: %s are live in %s buffers (%s)%s. Hint: a smaller batch, or a Scope around each step"
            .formatted(
                Caller.op(),
                megabytes(asked),
                device,
                megabytes(now.liveBytes()),
                now.liveBuffers(),
                largest(byOp()),
                known
                    ? ", the device has %s free of %s"
                        .formatted(megabytes(free[0]), megabytes(total[0]))
                    : ""));
  }

  private static String largest(Map<String, Long> byOp) {
    return byOp.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(LISTED_OPS)
        .map(e -> e.getKey() + " " + megabytes(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
