package dev.crema.cuda.driver;

import dev.crema.backend.Capture;
import dev.crema.backend.CapturingBackend;
import dev.crema.backend.Mark;
import dev.crema.backend.MemoryStats;
import dev.crema.cuda.kernel.Kernels;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.OutOfMemoryException;
import dev.crema.tensor.TensorException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One GPU: its context (the primary one, which cuBLAS and cuDNN share), the one stream that all
 * work runs on, its memory and its kernels. Nothing waits for the device but reading a value; what
 * fails in between is reported there, with the ops that may have done it. In debug mode ({@code
 * -Dcrema.debug=true}) each launch is waited for, and so named exactly. Thread safe.
 */
public final class CudaDevice {
  private static final boolean DEBUG = Boolean.getBoolean("crema.debug");
  private static final int NON_BLOCKING = 1;

  private final int ordinal;
  private final DeviceInfo info;
  private final CUdevice handle = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final Captures captures = new Captures();
  private @Nullable CUstream captureStream;
  private final CachingAllocator allocator;
  private final Staging staging;
  private final Uploads uploads;
  private final DeferredChecks checks;
  private final History history = new History();
  private final LongAdder launches = new LongAdder();
  private @Nullable EventMark firstMark;
  private final Kernels kernels = new Kernels(this);
  private final Map<Class<?>, Object> parts = new ConcurrentHashMap<>();

  /**
   * Opens a device; the driver must have been initialised.
   *
   * @throws DeviceException when it is too old
   */
  public CudaDevice(int ordinal) {
    this.ordinal = ordinal;
    info = DeviceInfo.of(ordinal);
    if (!info.isSupported()) {
      throw new DeviceException(
          "device cuda:%s: expected compute capability 7.5 or newer, got %s"
              .formatted(ordinal, info));
    }
    Driver.check(JCudaDriver.cuDeviceGet(handle, ordinal), "cuDeviceGet");
    Driver.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "cuDevicePrimaryCtxRetain");
    try {
      Driver.check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
      Driver.check(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING), "cuStreamCreate");
    } catch (RuntimeException e) {
      JCudaDriver.cuDevicePrimaryCtxRelease(handle);
      throw e;
    }
    allocator = new CachingAllocator("cuda:" + ordinal, captures, DEBUG);
    staging = new Staging(stream);
    uploads = new Uploads(context, stream, allocator);
    checks = new DeferredChecks(stream);
  }

  public int ordinal() {
    return ordinal;
  }

  /** What kind of GPU it is. */
  public DeviceInfo info() {
    return info;
  }

  public Kernels kernels() {
    return kernels;
  }

  /** What there is one of per device, such as a library's handle; made when first asked for. */
  public <T> T part(Class<T> type, Function<CudaDevice, T> make) {
    Object part = parts.get(type);
    return type.cast(part != null ? part : parts.computeIfAbsent(type, _ -> make.apply(this)));
  }

  /** The stream that all work runs on; of a thread that captures a step, where that is noted. */
  public CUstream stream() {
    GraphStep step = captures.mine();
    return step == null ? stream : step.stream();
  }

  /** Starts an op on this thread: makes the device current, and the op's name that of errors. */
  public CudaDevice begin(String op) {
    Running.start(op);
    makeCurrent();
    return this;
  }

  /**
   * Keeps the owner of memory whose address was read from the garbage collector until this thread
   * starts its next op: whoever has but the address may not have launched with it yet.
   */
  public static void hold(Object owner) {
    Running.hold(owner);
  }

  private void makeCurrent() {
    int rc = JCudaDriver.cuCtxSetCurrent(context);
    if (rc != CUresult.CUDA_SUCCESS) {
      throw Driver.failure(rc, "cuCtxSetCurrent");
    }
  }

  // ---- memory ----

  /** Scratch for the running op. Throws {@link dev.crema.tensor.OutOfMemoryException}. */
  public CudaMemory allocate(long bytes) {
    Block block = allocator.allocate(bytes);
    return filled(block, () -> poison(block));
  }

  /** Scratch for the running op, every byte of it set. */
  public CudaMemory allocate(long bytes, int value) {
    CudaMemory memory = allocate(bytes);
    return filled(memory, () -> fill(memory.address(), value, bytes));
  }

  /** Memory for a tensor; the op that starts next gives it its name in the statistics. */
  public CudaMemory allocateTensor(long bytes) {
    Running.start("allocate");
    makeCurrent();
    Block block = allocator.allocate(bytes);
    Running.nameLater(block);
    return filled(block, () -> poison(block));
  }

  /** The memory after {@code fill}; closed, should that fail. */
  private static CudaMemory filled(CudaMemory memory, Runnable fill) {
    try {
      fill.run();
      return memory;
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /**
   * Memory of all ones, for kernels to note in what {@link #checkLater} is to look at. In a
   * captured step a note stays from run to run until it was looked at.
   */
  public CudaMemory notes(long bytes) {
    GraphStep step = captures.mine();
    return step == null ? allocate(bytes, 0xFF) : step.notes(bytes);
  }

  private void poison(Block block) {
    if (DEBUG) {
      fill(block.address(), 0xFF, block.bytes()); // all ones is a NaN
    }
  }

  public MemoryStats memoryStats() {
    return allocator.stats();
  }

  /** The bytes in use by the op that they were made for. */
  public Map<String, Long> memoryByOp() {
    return allocator.byOp();
  }

  /** Waits for the device and gives all idle memory back to it. */
  public void trim() {
    begin("trim");
    refuseCapture("waits for the device", "trim before the step");
    synchronize();
    allocator.trim();
  }

  /** Gives all idle memory back to the device, for a library that allocates some by itself. */
  public void makeRoom() {
    if (captures.mine() == null) { // else it would wait for what is captured
      allocator.trim();
    }
  }

  /**
   * A call that may need memory of the device's own: once more, after a trim, if there was none.
   */
  public int withRoom(int outOfMemory, IntSupplier call) {
    int rc = call.getAsInt();
    if (rc == outOfMemory) {
      makeRoom();
      rc = call.getAsInt();
    }
    return rc;
  }

  // ---- work on the stream ----

  /** Launches a kernel, with a table of pointers to its arguments. */
  public void launch(
      String name, CUfunction f, long blocks, int threads, int sharedBytes, Pointer arguments) {
    int rc =
        JCudaDriver.cuLaunchKernel(
            f,
            Math.toIntExact(blocks),
            1,
            1,
            threads,
            1,
            1,
            sharedBytes,
            stream(),
            arguments,
            null);
    if (rc != CUresult.CUDA_SUCCESS) {
      throw failure(rc, "cuLaunchKernel of " + name);
    }
    launched(name);
  }

  /** Notes work that was put on the stream; in debug mode, waits for it. */
  public void launched(String call) {
    if (captures.mine() != null) {
      return;
    }
    history.add(Running.op(), call);
    launches.increment();
    if (DEBUG) {
      int rc = JCudaDriver.cuStreamSynchronize(stream);
      if (rc != CUresult.CUDA_SUCCESS) {
        throw Driver.failure(rc, call);
      }
    }
  }

  /** Sets every byte, in the stream's order. */
  public void fill(long address, int value, long bytes) {
    if (bytes > 0) {
      int rc = JCudaDriver.cuMemsetD8Async(new Address(address), (byte) value, bytes, stream());
      check(rc, "cuMemsetD8Async");
    }
  }

  /** Copies a Java array, or any memory of the host, to the device, in the stream's order. */
  public void upload(MemorySegment from, long to) {
    refuseCapture("brings values from the host", "make them before the step, or pass an input");
    try {
      staging.upload(from, to);
    } catch (DeviceException e) {
      throw withHistory(e);
    }
  }

  /** Starts to copy memory of the host to the device, beside compute; {@link #receive} it. */
  public CudaMemory send(MemorySegment from) {
    refuseCapture("brings values from the host", "send them before the step, or pass an input");
    try {
      return uploads.send(from);
    } catch (DeviceException e) {
      throw withHistory(e);
    }
  }

  /** Has the stream's work from here on wait for what was sent. */
  public void receive(CudaMemory sent) {
    if (sent instanceof Upload upload) {
      uploads.receive(upload);
    }
  }

  /** Kernels, and calls of libraries, so far. */
  public long launches() {
    return launches.sum();
  }

  /** A point on the stream that can be timed. */
  public synchronized Mark mark() {
    EventMark first = firstMark;
    if (first == null) {
      first = new EventMark(stream);
      firstMark = first;
    }
    return new EventMark(stream, first);
  }

  // ---- waiting for it ----

  /** Copies from the device and waits for it; not for nothing, which is copied at once. */
  public void download(long from, MemorySegment to) {
    if (to.byteSize() == 0) {
      return;
    }
    refuseCapture(
        "reads a value on the host (item, toArray, print, to CPU)",
        "return the tensor from the step, and read it after its run");
    long mark = checks.mark();
    try {
      staging.download(from, to);
    } catch (DeviceException e) {
      throw withHistory(e);
    }
    waited(mark);
  }

  /**
   * Hands the i64 at an address, as the stream's work so far leaves it, to {@code check} when this
   * device is next waited for: at the latest when a value is read. What it throws is thrown there,
   * by whichever thread waits.
   */
  public void checkLater(long address, LongConsumer check) {
    GraphStep step = captures.mine();
    if (step != null) {
      step.check(address, check);
      return;
    }
    while (!checks.add(address, check)) {
      synchronize();
    }
  }

  /** Waits for all work so far. */
  public void synchronize() {
    refuseCapture("waits for the device", "wait after the step's run");
    long mark = checks.mark();
    check(JCudaDriver.cuStreamSynchronize(stream), "cuStreamSynchronize");
    waited(mark);
  }

  private void waited(long mark) {
    history.clear();
    allocator.reclaim();
    checks.run(mark, address -> fill(address, 0xFF, GraphStep.NOTE_BYTES));
  }

  // ---- captured steps ----

  private void refuseCapture(String what, String hint) {
    if (captures.mine() != null) {
      Capture.refuse(Running.op(), what, hint);
    }
  }

  /** What may be others in each run of a captured step; else these values, now. */
  public Live live(int count, Supplier<long[]> values) {
    GraphStep step = captures.mine();
    return step == null ? new Live(values.get(), 0) : step.live(count, values);
  }

  /**
   * Captures a step, on this thread; other threads may go on, though not capture here. Out of
   * memory: by then idle memory has gone back to the driver, so that another try may succeed.
   */
  public CapturingBackend.Work capture(Runnable step) {
    begin("capture");
    try {
      return captured(step);
    } catch (OutOfMemoryException e) {
      allocator.trim();
      throw e;
    }
  }

  private GraphStep captured(Runnable step) {
    captures.lock.lock();
    try {
      GraphStep graph = new GraphStep(this, allocator, checks, captureStream());
      try {
        graph.capture(captures, step);
        return graph;
      } catch (RuntimeException | Error e) {
        graph.close();
        throw e;
      }
    } finally {
      captures.lock.unlock();
    }
  }

  private CUstream captureStream() {
    CUstream made = captureStream;
    if (made == null) {
      made = new CUstream();
      check(JCudaDriver.cuStreamCreate(made, NON_BLOCKING), "cuStreamCreate");
      captureStream = made;
    }
    return made;
  }

  /** Launches a captured step. */
  void launch(CUgraphExec graph) {
    check(JCudaDriver.cuGraphLaunch(graph, stream), "cuGraphLaunch");
    launched("cuGraphLaunch");
  }

  // ---- failures ----

  private void check(int rc, String call) {
    if (rc != CUresult.CUDA_SUCCESS) {
      throw failure(rc, call);
    }
  }

  /** A failed call's error: it may be late news of earlier work, so it lists that. */
  private TensorException failure(int rc, String call) {
    return withHistory(Driver.failure(rc, call));
  }

  /** The error for a call of cuBLAS or cuDNN, with the library's own words. */
  public TensorException libraryFailure(String call, String description, boolean outOfMemory) {
    String message = "%s: %s failed: %s".formatted(Running.op(), call, description);
    return outOfMemory
        ? new OutOfMemoryException(message)
        : withHistory(new DeviceException(message));
  }

  private TensorException withHistory(TensorException e) {
    return e instanceof DeviceException && !DEBUG
        ? new DeviceException(
            "%s; %s. Hint: with -Dcrema.debug=true the error names the op that failed"
                .formatted(e.getMessage(), history.describe()))
        : e;
  }

  // ---- modules ----

  /** Compiles PTX, which ends in a zero byte, for this device. */
  public CUmodule loadModule(String name, byte[] ptx) {
    return captures.mine() == null
        ? JitModule.load(name, ptx)
        : GraphStep.apart(() -> JitModule.load(name, ptx));
  }

  /** A function of a module. */
  public CUfunction function(String name, CUmodule module, String function) {
    CUfunction found = new CUfunction();
    int rc = JCudaDriver.cuModuleGetFunction(found, module, function);
    if (rc == CUresult.CUDA_ERROR_NOT_FOUND) {
      throw new IllegalStateException("kernels: there is no function " + name);
    }
    Driver.check(rc, "cuModuleGetFunction of " + name);
    return found;
  }
}
