/** The CPU backend: SIMD kernels where the Vector API is there, scalar ones elsewhere. */
module dev.crema.cpu {
  requires transitive dev.crema.core;
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;

  exports dev.crema.cpu;
  exports dev.crema.cpu.conv;
  exports dev.crema.cpu.conv.winograd;

  uses dev.crema.cpu.conv.ConvAlgorithm;

  provides dev.crema.backend.BackendProvider with
      dev.crema.cpu.CpuBackendProvider;
}
