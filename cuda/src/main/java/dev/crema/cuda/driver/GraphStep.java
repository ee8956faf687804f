package dev.crema.cuda.driver;

import dev.crema.backend.Capture;
import dev.crema.backend.CapturingBackend;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstreamCaptureStatus;
import jcuda.driver.JCudaDriver;

/**
 * A step as a CUDA graph. While it is captured, the work of its thread goes to a stream of its own,
 * where it is noted; that of other threads goes on as ever. Its memory is of three kinds: what it
 * allocates comes from shelves of its own, since every run writes there again; what it only uses is
 * held; what must last from run to run ({@link #notes}, {@link #live}) was never on the shelves, so
 * that no other work of the step writes there. All of it goes to the device's other work when the
 * step is closed.
 *
 * <p>Values that are others in each run lie in one block of device memory, and are written there by
 * one upload before each run.
 */
final class GraphStep implements CapturingBackend.Work {
  private static final int MOST_LIVE = 4096;
  private static final int ALL_ONES = 0xFF;

  /** Of what a check looks at. */
  static final int NOTE_BYTES = 16;

  private final CudaDevice device;
  private final CachingAllocator allocator;
  private final DeferredChecks checks;
  private final CUstream stream;
  private final Thread thread = Thread.currentThread();
  private final CUgraphExec exec = new CUgraphExec();
  private final Set<Block> held = new LinkedHashSet<>();
  private final List<Block> lasting = new ArrayList<>();
  private final List<DeferredChecks.Standing> standing = new ArrayList<>();
  private final long[] values = new long[MOST_LIVE];
  private int valueCount;
  private boolean instantiated;

  /** What it allocates, while that is idle. */
  final Shelves shelves;

  GraphStep(CudaDevice device, CachingAllocator allocator, DeferredChecks checks, CUstream stream) {
    this.device = device;
    this.allocator = allocator;
    this.checks = checks;
    this.stream = stream;
    this.shelves = allocator.openShelves();
  }

  boolean isMine() {
    return thread == Thread.currentThread();
  }

  CUstream stream() {
    return stream;
  }

  // ---- capturing ----

  /** Notes what {@code step} puts on the stream. */
  void capture(Captures captures, Runnable step) {
    CUgraph graph = new CUgraph();
    captures.set(this);
    try {
      allocateValues();
      check(
          JCudaDriver.cuStreamBeginCapture(
              stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
          "cuStreamBeginCapture");
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        discard();
        throw e;
      }
      Running.start("capture");
      int rc = JCudaDriver.cuStreamEndCapture(stream, graph);
      if (rc != CUresult.CUDA_SUCCESS) {
        discard();
      }
      check(rc, "cuStreamEndCapture");
    } finally {
      captures.set(null);
    }
    int rc = JCudaDriver.cuGraphInstantiate(exec, graph, 0);
    int destroyed = JCudaDriver.cuGraphDestroy(graph);
    check(rc, "cuGraphInstantiate");
    instantiated = true;
    check(destroyed, "cuGraphDestroy");
    standing.forEach(s -> device.fill(s.address(), ALL_ONES, NOTE_BYTES));
  }

  /** Ends a capture that came to nothing, if it has not ended yet. */
  private void discard() {
    int[] status = new int[1];
    CUgraph graph = new CUgraph();
    if (JCudaDriver.cuStreamIsCapturing(stream, status) == CUresult.CUDA_SUCCESS
        && status[0] != CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_NONE
        && JCudaDriver.cuStreamEndCapture(stream, graph) == CUresult.CUDA_SUCCESS) {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  private void allocateValues() {
    lasting.add(allocator.allocateLasting((long) MOST_LIVE * Long.BYTES));
  }

  private static void check(int rc, String call) {
    Driver.check(rc, call);
  }

  /** Keeps memory that the step uses but did not allocate. */
  void hold(Block block) {
    if (block.home != shelves && held.add(block)) {
      allocator.hold(block);
    }
  }

  /** {@code count} values that are asked for before each run. */
  Live live(int count, Supplier<long[]> supplier) {
    int at = valueCount;
    if (at + count > MOST_LIVE) {
      throw new UnsupportedOpException(
          "%s: a captured step has room for %s values that change from run to run, and needs more. Hint: several captured steps"
              .formatted(Running.op(), MOST_LIVE));
    }
    valueCount += count;
    Capture.eachRun(() -> System.arraycopy(supplier.get(), 0, values, at, count));
    return new Live(new long[count], lasting.getFirst().address() + 8L * at);
  }

  /** Memory for what kernels note, which stays from run to run until it is looked at. */
  CudaMemory notes(long bytes) {
    Block block = allocator.allocateLasting(bytes);
    lasting.add(block);
    return new Lasting(block);
  }

  /** Has what lies at an address of {@link #notes} looked at whenever the device is waited for. */
  void check(long address, LongConsumer check) {
    standing.add(checks.stand(address, stream, check));
  }

  /** Memory whose owner closes it after each launch, though the step needs it for good. */
  private record Lasting(Block block) implements CudaMemory {
    @Override
    public long address() {
      return block.address();
    }

    @Override
    public long bytes() {
      return block.bytes();
    }

    @Override
    public void watch(Object owner) {}

    @Override
    public void close() {}
  }

  /** A call that is not noted, and that a thread may not make while it captures otherwise. */
  static <T> T apart(Supplier<T> call) {
    int[] mode = {CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED};
    check(JCudaDriver.cuThreadExchangeStreamCaptureMode(mode), "cuThreadExchangeStreamCaptureMode");
    try {
      return call.get();
    } finally {
      JCudaDriver.cuThreadExchangeStreamCaptureMode(mode);
    }
  }

  // ---- running ----

  @Override
  public void replay() {
    device.begin("captured step");
    if (valueCount > 0) {
      device.upload(
          MemorySegment.ofArray(values).asSlice(0, 8L * valueCount), lasting.getFirst().address());
    }
    device.launch(exec);
  }

  @Override
  public void close() {
    device.begin("captured step");
    int rc = instantiated ? JCudaDriver.cuGraphExecDestroy(exec) : CUresult.CUDA_SUCCESS;
    checks.retire(standing, instantiated);
    standing.clear();
    held.forEach(allocator::release);
    held.clear();
    lasting.forEach(Block::close);
    lasting.clear();
    allocator.close(shelves);
    check(rc, "cuGraphExecDestroy");
  }
}
