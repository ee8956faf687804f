package dev.crema.cuda.driver;

import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;

/** Host memory that the device copies from and to by itself, for the device's lifetime. */
final class Pinned {
  final MemorySegment memory;
  private final long address;

  Pinned(long bytes) {
    HostAddress host = new HostAddress();
    Driver.check(JCudaDriver.cuMemAllocHost(host, bytes), "cuMemAllocHost");
    address = host.value();
    memory = MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  HostAddress at(long offset) {
    return new HostAddress(address + offset);
  }
}
