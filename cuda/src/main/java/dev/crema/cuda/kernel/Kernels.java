package dev.crema.cuda.kernel;

import dev.crema.cuda.driver.CudaDevice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUmodule;

/**
 * The kernels of one device. Each file of PTX, a resource {@code /dev/crema/cuda/NAME.ptx}, becomes
 * a module when its first kernel is asked for; the driver compiles it for the device.
 */
public final class Kernels {
  private final CudaDevice device;
  private final Map<String, Module> modules = new ConcurrentHashMap<>();

  /** None loaded yet. */
  public Kernels(CudaDevice device) {
    this.device = device;
  }

  /**
   * A kernel by its file's name without {@code .ptx} and its function's.
   *
   * @throws IllegalStateException when there is no such kernel
   */
  public Kernel get(String file, String function) {
    Module module = modules.get(file);
    if (module == null) {
      module = modules.computeIfAbsent(file, this::load);
    }
    return module.get(function);
  }

  private Module load(String file) {
    String resource = "/dev/crema/cuda/" + file + ".ptx";
    try (InputStream in = Kernels.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("kernels: there is no resource " + resource);
      }
      byte[] ptx = in.readAllBytes();
      byte[] terminated = Arrays.copyOf(ptx, ptx.length + 1); // the driver reads a C string
      return new Module(file, device.loadModule(file, terminated));
    } catch (IOException e) {
      throw new UncheckedIOException("kernels: " + resource, e);
    }
  }

  private final class Module {
    private final String file;
    private final CUmodule handle;
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    private Module(String file, CUmodule handle) {
      this.file = file;
      this.handle = handle;
    }

    private Kernel get(String function) {
      Kernel kernel = kernels.get(function);
      return kernel != null ? kernel : kernels.computeIfAbsent(function, this::find);
    }

    private Kernel find(String function) {
      String name = file + "/" + function;
      return new Kernel(device, name, device.function(name, handle, function));
    }
  }
}
