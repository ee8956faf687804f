package dev.crema.cuda.cudnn;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cuda.Precision;
import dev.crema.cuda.driver.CudaDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import jcuda.driver.CUstream;
import jcuda.jcudnn.JCudnn;
import jcuda.runtime.cudaStream_t;
import org.jspecify.annotations.Nullable;

/**
 * cuDNN on a device's stream. Whoever calls it holds this object's lock.
 *
 * <p>JCudnn's status names are those of cuDNN 8, and all but success changed in 9, so codes are
 * compared as numbers and described by the library itself.
 */
final class Dnn {
  private static final int SUCCESS = 0;
  private static final int NOT_SUPPORTED = 3000;
  private static final int INTERNAL_ERROR = 4000;
  private static final int DEVICE_ALLOCATION_FAILED = 4004;
  private static final int KEPT = 512;

  /** What a choice of algorithms depends on. */
  private record Key(Conv2dPlan plan, Precision precision) {}

  final CudaDevice device;
  final Handles.Library handle = new Handles.Library();
  private @Nullable CUstream stream;

  /** The convolutions used last. */
  private final Map<Key, DnnConvolution> convolutions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, DnnConvolution> eldest) {
          if (size() > KEPT) {
            eldest.getValue().close();
            return true;
          }
          return false;
        }
      };

  private Dnn(CudaDevice device) {
    this.device = device;
    call("cudnnCreate", () -> JCudnn.cudnnCreate(handle));
    try {
      follow();
    } catch (RuntimeException e) {
      JCudnn.cudnnDestroy(handle);
      throw e;
    }
  }

  /** Works on the stream of the device's work, which is another while a step is captured. */
  private void follow() {
    CUstream now = device.stream();
    if (now != stream) {
      call("cudnnSetStream", () -> JCudnn.cudnnSetStream(handle, new cudaStream_t(now)));
      stream = now;
    }
  }

  /** The device's; only where there is cuDNN. */
  static Dnn of(CudaDevice device) {
    return device.part(Dnn.class, Dnn::new);
  }

  /** What cuDNN knows of this plan, on the stream of the device's work. */
  DnnConvolution convolution(Conv2dPlan plan) {
    follow();
    Key key = new Key(plan, Precision.current());
    DnnConvolution known = convolutions.get(key);
    if (known == null) {
      known = new DnnConvolution(this, plan, key.precision);
      convolutions.put(key, known);
    }
    return known;
  }

  /** Makes a call that must go well. */
  void call(String name, IntSupplier call) {
    int rc = device.withRoom(DEVICE_ALLOCATION_FAILED, call);
    if (rc != SUCCESS) {
      throw device.libraryFailure(name, describe(rc), rc == DEVICE_ALLOCATION_FAILED);
    }
  }

  /** Makes a call that may say that it does not support what is asked; whether it does. */
  boolean supports(String name, IntSupplier call) {
    int rc = device.withRoom(DEVICE_ALLOCATION_FAILED, call);
    if (rc >= NOT_SUPPORTED && rc < INTERNAL_ERROR) {
      return false;
    }
    if (rc != SUCCESS) {
      throw device.libraryFailure(name, describe(rc), rc == DEVICE_ALLOCATION_FAILED);
    }
    return true;
  }

  private static String describe(int rc) {
    return "%s (%s)".formatted(JCudnn.cudnnGetErrorString(rc), rc);
  }
}
