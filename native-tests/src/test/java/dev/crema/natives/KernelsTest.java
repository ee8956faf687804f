package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.cuda.Cuda;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;

/** The PTX beside the sources that it is made from. */
@OnCpuDriver
final class KernelsTest {
  private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+(\\w+)");
  private static final Path FOLDER =
      Path.of(System.getProperty("crema.home"), "cuda/src/main/resources/dev/crema/cuda");

  @Test
  void everyKernelOfThePtxIsInTheSourceWithParametersOfTheSameSizes() throws IOException {
    Cuda.synchronize(Device.cuda());
    int kernels = 0;
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".ptx")).toList()) {
        String ptx = Files.readString(file);
        CUmodule module = new CUmodule();
        assertThat(JCudaDriver.cuModuleLoadData(module, ptx)).isZero();
        for (String name : ENTRY.matcher(ptx).results().map(m -> m.group(1)).toList()) {
          kernels++;
          assertThat(JCudaDriver.cuModuleGetFunction(new CUfunction(), module, name))
              .as(file.getFileName() + " " + name)
              .isZero();
        }
        assertThat(JCudaDriver.cuModuleUnload(module)).isZero();
      }
    }
    assertThat(kernels).isGreaterThan(100);
  }

  /** The driver compares the bytes of each parameter with the source's, when a kernel is loaded. */
  @Test
  void otherParametersThanTheSourcesAreRefused() throws IOException {
    Cuda.synchronize(Device.cuda());
    Path file = FOLDER.resolve("copy.ptx");
    String ptx = Files.readString(file);
    String name = ENTRY.matcher(ptx).results().findFirst().orElseThrow().group(1);
    String other = ptx.replaceFirst("\\.param \\.u(32|64) ", ".param .u16 ");
    assertThat(other).isNotEqualTo(ptx);
    CUmodule module = new CUmodule();
    assertThat(JCudaDriver.cuModuleLoadData(module, other)).isZero();
    assertThat(JCudaDriver.cuModuleGetFunction(new CUfunction(), module, name)).isNotZero();
    assertThat(JCudaDriver.cuModuleUnload(module)).isZero();
    assertThat(CpuDriver.get().violations())
        .containsExactly(name + ": the PTX is not of this .cu file: other parameters");
    CpuDriver.get().reset();
  }

  @Test
  void aPtxThatTheDriverRefusesShowsItsCompilersLog() {
    var device = new CudaDevice(0);
    byte[] ptx = "no PTX\0".getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> device.loadModule("bad", ptx))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuModuleLoadDataEx of bad")
        .hasMessageEndingWith("compiler says: ptxas fatal: .version or .target is missing");
  }
}
