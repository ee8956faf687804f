package dev.crema.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.driver.CUcontext;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Uploads beside compute, on a stream of their own through their own pinned ring, of what is
 * prepared ahead. Two kinds of event order the streams: compute waits for an upload's {@code
 * copied} before it reads it, and every copy waits for {@code freed}, which is recorded behind
 * compute's work whenever memory of an upload is closed. That memory goes to uploads only: what
 * compute has freed, compute may write again at once, but a copy may not. Thread safe.
 */
final class Uploads {
  private static final int NON_BLOCKING = 1;

  private final CUcontext context;
  private final CUstream compute;
  private final CachingAllocator allocator;
  private final Deque<CUevent> events = new ArrayDeque<>();
  private @Nullable CUstream stream;
  private @Nullable Staging staging;
  private @Nullable CUevent freed;

  /** Whether memory was closed that {@code freed} is not recorded behind, because that failed. */
  private boolean late;

  Uploads(CUcontext context, CUstream compute, CachingAllocator allocator) {
    this.context = context;
    this.compute = compute;
    this.allocator = allocator;
  }

  /** Starts to copy to fresh memory, for the running op; {@code from} is free at once. */
  Upload send(MemorySegment from) {
    Upload upload = new Upload(this, allocator.allocateForUpload(from.byteSize()));
    try {
      Staging ring = afterFreed();
      ring.upload(from, upload.address()); // without the lock: it may wait for the device
      recordCopied(upload);
      return upload;
    } catch (RuntimeException e) {
      upload.close();
      throw e;
    }
  }

  /** Has compute's work from here on wait for the copy. */
  synchronized void receive(Upload upload) {
    CUevent copied = upload.copied;
    if (copied != null) {
      Driver.check(JCudaDriver.cuStreamWaitEvent(compute, copied, 0), "cuStreamWaitEvent");
      upload.copied = null;
      events.push(copied);
    }
  }

  /** Takes the memory back; whether or not it was received, the next copy to it comes after. */
  synchronized void close(Upload upload) {
    if (upload.copied != null) {
      events.push(upload.copied);
      upload.copied = null;
    }
    late |=
        freed == null
            || JCudaDriver.cuCtxSetCurrent(context) != CUresult.CUDA_SUCCESS
            || JCudaDriver.cuEventRecord(freed, compute) != CUresult.CUDA_SUCCESS;
    upload.block.close();
  }

  /** The ring, with what is copied from here on behind the last use of memory that was closed. */
  private synchronized Staging afterFreed() {
    CUstream to = stream();
    CUevent last = freed;
    if (last == null) {
      last = newEvent();
      freed = last;
    }
    if (late) {
      Driver.check(JCudaDriver.cuEventRecord(last, compute), "cuEventRecord");
      late = false;
    }
    Driver.check(JCudaDriver.cuStreamWaitEvent(to, last, 0), "cuStreamWaitEvent");
    Staging ring = staging;
    if (ring == null) {
      ring = new Staging(to);
      staging = ring;
    }
    return ring;
  }

  private synchronized void recordCopied(Upload upload) {
    CUevent copied = events.poll();
    if (copied == null) {
      copied = newEvent();
    }
    upload.copied = copied;
    Driver.check(JCudaDriver.cuEventRecord(copied, stream()), "cuEventRecord");
  }

  private CUstream stream() {
    CUstream to = stream;
    if (to == null) {
      to = new CUstream();
      Driver.check(JCudaDriver.cuStreamCreate(to, NON_BLOCKING), "cuStreamCreate");
      stream = to;
    }
    return to;
  }

  private static CUevent newEvent() {
    CUevent event = new CUevent();
    Driver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
    return event;
  }
}
