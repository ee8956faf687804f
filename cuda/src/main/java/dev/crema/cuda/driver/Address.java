package dev.crema.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** A device address as JCuda's calls want it; they also write one into it. */
public final class Address extends CUdeviceptr {
  Address() {}

  /** This address. */
  public Address(long address) {
    super(new CUdeviceptr(), address);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
