package dev.crema.cuda.driver;

import jcuda.Pointer;

/** An address in the host's memory as JCuda's calls want it; they also write one into it. */
public final class HostAddress extends Pointer {
  HostAddress() {}

  /** This address. */
  public HostAddress(long address) {
    super(address);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
