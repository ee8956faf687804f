package dev.crema.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * What a GPU is.
 *
 * @param major of its compute capability, such as 9 of 9.0
 * @param minor of its compute capability
 * @param memory in bytes
 * @param multiprocessors how many blocks run at once, at least
 */
public record DeviceInfo(String name, int major, int minor, long memory, int multiprocessors) {
  /** The GPU with this number. */
  public static DeviceInfo of(int ordinal) {
    CUdevice device = new CUdevice();
    Driver.check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet");
    byte[] name = new byte[256];
    Driver.check(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
    long[] memory = new long[1];
    Driver.check(JCudaDriver.cuDeviceTotalMem(memory, device), "cuDeviceTotalMem");
    return new DeviceInfo(
        new String(name, StandardCharsets.UTF_8).replace("\0", "").strip(),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        memory[0],
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    Driver.check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
    return value[0];
  }

  /** Whether the kernels' PTX, made for compute capability 7.5, runs on it. */
  boolean isSupported() {
    return major > 7 || major == 7 && minor >= 5;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, compute capability %s.%s, %.1f GiB",
        name,
        major,
        minor,
        memory / (double) (1L << 30));
  }
}
