package dev.crema.cuda.driver;

import dev.crema.backend.Mark;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** A timed event on a stream. */
final class EventMark implements Mark {
  private final CUevent event = new CUevent();
  private final EventMark since;

  /** One that all times are since. */
  EventMark(CUstream stream) {
    this(stream, null);
  }

  /** The next work of the stream comes after it. */
  EventMark(CUstream stream, @Nullable EventMark since) {
    this.since = since == null ? this : since;
    Driver.check(JCudaDriver.cuEventCreate(event, 0), "cuEventCreate");
    int rc = JCudaDriver.cuEventRecord(event, stream);
    if (rc != 0) {
      JCudaDriver.cuEventDestroy(event);
      throw Driver.failure(rc, "cuEventRecord");
    }
  }

  @Override
  public long nanos() {
    Driver.check(JCudaDriver.cuEventSynchronize(event), "cuEventSynchronize");
    float[] ms = new float[1];
    Driver.check(JCudaDriver.cuEventElapsedTime(ms, since.event, event), "cuEventElapsedTime");
    return Math.round(ms[0] * 1e6);
  }

  @Override
  public void close() {
    JCudaDriver.cuEventDestroy(event);
  }
}
