package dev.crema.cuda.cudnn;

import java.lang.foreign.MemorySegment;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;

/** What cuDNN hands out, as JCuda's calls want it; with its address, for calls without JCuda. */
final class Handles {
  private Handles() {}

  static final class Library extends cudnnHandle {
    MemorySegment address() {
      return MemorySegment.ofAddress(getNativePointer());
    }
  }

  static final class Tensor extends cudnnTensorDescriptor {
    MemorySegment address() {
      return MemorySegment.ofAddress(getNativePointer());
    }
  }

  static final class Filter extends cudnnFilterDescriptor {
    MemorySegment address() {
      return MemorySegment.ofAddress(getNativePointer());
    }
  }

  static final class Convolution extends cudnnConvolutionDescriptor {
    MemorySegment address() {
      return MemorySegment.ofAddress(getNativePointer());
    }
  }
}
