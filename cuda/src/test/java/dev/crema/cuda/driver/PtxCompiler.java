package dev.crema.cuda.driver;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetVersion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's PTX compiler, which JCuda's natives contain: it needs no GPU. */
public final class PtxCompiler {
  private PtxCompiler() {}

  /** Loads it, the first time. */
  public static void load() throws IOException {
    try (Extraction extraction = new Extraction()) {
      int rc =
          extraction.load(
              "JNvPTXCompiler",
              UnaryOperator.identity(),
              () -> nvPTXCompilerGetVersion(new int[1], new int[1]));
      if (rc != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) {
        throw new IOException("nvPTXCompilerGetVersion: " + nvPTXCompileResult.stringFor(rc));
      }
    }
  }

  /** Compiles for a target such as sm_75; returns what is wrong, or nothing. */
  public static String compile(byte[] ptx, String target) {
    byte[] terminated = Arrays.copyOf(ptx, ptx.length + 1);
    var handle = new nvPTXCompilerHandle();
    int rc = nvPTXCompilerCreate(handle, ptx.length, terminated);
    if (rc != nvPTXCompileResult.NVPTXCOMPILE_SUCCESS) {
      return "nvPTXCompilerCreate: " + nvPTXCompileResult.stringFor(rc);
    }
    rc = nvPTXCompilerCompile(handle, 1, new String[] {"--gpu-name=" + target});
    String wrong =
        rc == nvPTXCompileResult.NVPTXCOMPILE_SUCCESS
            ? ""
            : nvPTXCompileResult.stringFor(rc) + ": " + log(handle);
    nvPTXCompilerDestroy(handle);
    return wrong;
  }

  private static String log(nvPTXCompilerHandle handle) {
    long[] size = new long[1];
    nvPTXCompilerGetErrorLogSize(handle, size);
    byte[] log = new byte[(int) size[0] + 1];
    nvPTXCompilerGetErrorLog(handle, log);
    return new String(log, StandardCharsets.UTF_8).trim();
  }
}
