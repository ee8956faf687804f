package dev.crema.cuda;

import dev.crema.cuda.cublas.Blas;
import dev.crema.cuda.cudnn.Convolution;
import dev.crema.cuda.driver.DeviceInfo;
import dev.crema.cuda.driver.Natives;
import java.util.ArrayList;
import java.util.List;

/** What CUDA there is on this machine, in lines for people. */
final class Report {
  private Report() {}

  static List<String> lines() {
    Natives natives = Natives.get();
    List<String> lines = new ArrayList<>();
    if (natives.driverVersion() > 0) {
      lines.add(
          "driver for CUDA %s, %s"
              .formatted(twoParts(natives.driverVersion()), Natives.path("libcuda.so")));
    }
    for (int i = 0; i < natives.deviceCount(); i++) {
      lines.add("cuda:%s is %s".formatted(i, DeviceInfo.of(i)));
    }
    if (natives.fault() == null) {
      lines.add("cuBLAS %s, %s".formatted(Blas.version(), Natives.path("libcublas.so")));
      String fault = natives.dnnFault();
      lines.add(
          fault == null
              ? "cuDNN %s, %s".formatted(Convolution.dnnVersion(), Natives.path("libcudnn.so"))
              : "cuDNN is not used, convolutions go by im2col and cuBLAS: " + fault);
    }
    return lines;
  }

  /** 13000 is 13.0. */
  private static String twoParts(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
