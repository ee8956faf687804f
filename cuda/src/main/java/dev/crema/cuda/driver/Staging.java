package dev.crema.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * Transfers between Java arrays and the device, through a ring of pinned memory: the device copies
 * from there while the caller goes on. An upload waits for nothing but room in the ring; a download
 * waits for its data. Thread safe.
 */
final class Staging {
  private static final long RING = 16L << 20;
  private static final long LARGEST = RING / 4;
  private static final long ALIGNMENT = 256;
  private static final int MOST = 64;
  private static final int NOT_READY = CUresult.CUDA_ERROR_NOT_READY;

  /** A part of the ring that the device copies from or to until its event has come. */
  private record Piece(long from, long to, CUevent done) {}

  private final CUstream stream;
  private final Deque<Piece> inFlight = new ArrayDeque<>();
  private final Deque<CUevent> events = new ArrayDeque<>();
  private @Nullable Pinned ring;
  private long head;

  Staging(CUstream stream) {
    this.stream = stream;
  }

  /** Copies to device address {@code to}, in the stream's order; {@code from} is free at once. */
  synchronized void upload(MemorySegment from, long to) {
    long bytes;
    for (long at = 0; at < from.byteSize(); at += bytes) {
      bytes = Math.min(LARGEST, from.byteSize() - at);
      long place = reserve(bytes);
      Pinned pinned = ring();
      CUevent done = event();
      MemorySegment.copy(from, at, pinned.memory, place, bytes);
      int rc = JCudaDriver.cuMemcpyHtoDAsync(new Address(to + at), pinned.at(place), bytes, stream);
      launched("cuMemcpyHtoDAsync", rc, place, bytes, done);
    }
  }

  /** Copies from device address {@code from} and waits for it. */
  synchronized void download(long from, MemorySegment to) {
    Piece previous = null;
    long previousAt = 0;
    long bytes;
    for (long at = 0; at < to.byteSize(); at += bytes) {
      bytes = Math.min(LARGEST, to.byteSize() - at);
      long place = reserve(bytes);
      Pinned pinned = ring();
      CUevent done = event();
      int rc =
          JCudaDriver.cuMemcpyDtoHAsync(pinned.at(place), new Address(from + at), bytes, stream);
      Piece piece = launched("cuMemcpyDtoHAsync", rc, place, bytes, done);
      if (previous != null) {
        take(previous, to, previousAt); // while the device copies the next
      }
      previous = piece;
      previousAt = at;
    }
    if (previous != null) {
      take(previous, to, previousAt);
    }
  }

  private void take(Piece piece, MemorySegment to, long at) {
    waitFor(piece);
    MemorySegment.copy(
        ring().memory, piece.from, to, at, Math.min(piece.to - piece.from, to.byteSize() - at));
  }

  private Pinned ring() {
    Pinned r = ring;
    if (r == null) {
      r = new Pinned(RING);
      ring = r;
    }
    return r;
  }

  /** Room for that many bytes, once the device is done with what was there. */
  private long reserve(long bytes) {
    long size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (head + size > RING) {
      head = 0;
    }
    long from = head;
    long to = from + size;
    head = to;
    while (isOldestDone()) {
      events.push(inFlight.remove().done);
    }
    while (inFlight.size() == MOST || overlaps(from, to)) {
      waitFor(inFlight.element());
      events.push(inFlight.remove().done);
    }
    return from;
  }

  private boolean isOldestDone() {
    Piece oldest = inFlight.peek();
    int rc = oldest == null ? NOT_READY : JCudaDriver.cuEventQuery(oldest.done);
    if (rc != NOT_READY) {
      Driver.check(rc, "cuEventQuery");
    }
    return rc != NOT_READY;
  }

  private boolean overlaps(long from, long to) {
    for (Piece piece : inFlight) {
      if (piece.from < to && from < piece.to) {
        return true;
      }
    }
    return false;
  }

  /** An event, taken before the copy that it is for: without one there must be no copy. */
  private CUevent event() {
    CUevent event = events.poll();
    if (event == null) {
      event = new CUevent();
      Driver.check(
          JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
    }
    return event;
  }

  /** Keeps a part of the ring for a copy that was just asked for, with {@code rc}, until done. */
  private Piece launched(String call, int rc, long from, long bytes, CUevent done) {
    if (rc != CUresult.CUDA_SUCCESS) {
      events.push(done);
      throw Driver.failure(rc, call);
    }
    rc = JCudaDriver.cuEventRecord(done, stream);
    if (rc != CUresult.CUDA_SUCCESS) {
      events.push(done);
      JCudaDriver.cuStreamSynchronize(stream); // nothing else tells when the copy is done
      throw Driver.failure(rc, "cuEventRecord");
    }
    Piece piece = new Piece(from, from + bytes, done);
    inFlight.add(piece);
    return piece;
  }

  private static void waitFor(Piece piece) {
    Driver.check(JCudaDriver.cuEventSynchronize(piece.done), "cuEventSynchronize");
  }
}
