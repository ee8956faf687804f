package dev.crema.natives;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cuda.driver.Natives;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The CPU-executing driver itself: what it runs and what it notices, by the fixture's kernels. */
@OnCpuDriver
final class DriverTest {
  private static final String PTX =
      """
      .version 7.0
      .target sm_75
      .visible .entry saxpy(.param .u32 a, .param .f32 b, .param .u64 c, .param .u64 d)
      .visible .entry blockSum(.param .u32 a, .param .u64 b, .param .u64 c)
      .visible .entry reverse(.param .u32 a, .param .u64 b)
      .visible .entry votes(.param .u64 a)
      .visible .entry arguments(
        .param .u32 a, .param .f64 b, .param .f32 c, .param .align 4 .b8 d[16], .param .u64 e,
        .param .u64 f)
      .visible .entry stuck(.param .u64 a)
      .visible .entry beyond(.param .u32 a, .param .u64 b)
      .visible .entry nowhere(.param .u64 a)
      """;

  /** A device address as JCuda writes it. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private final CUmodule module = new CUmodule();
  private final CUstream stream = new CUstream();

  @BeforeEach
  void open() {
    assertThat(Natives.get().fault()).isNull();
    CUcontext context = new CUcontext();
    ok(cuDevicePrimaryCtxRetain(context, new CUdevice()));
    ok(cuCtxSetCurrent(context));
    ok(cuStreamCreate(stream, 1));
    ok(cuModuleLoadData(module, PTX));
  }

  @AfterEach
  void close() {
    CpuDriver.get().reset();
    ok(cuModuleUnload(module));
    ok(cuStreamDestroy(stream));
    ok(cuDevicePrimaryCtxRelease(new CUdevice()));
  }

  @Test
  void runsKernelsThatNeverWait() {
    float[] x = new float[1000];
    float[] y = new float[1000];
    for (int i = 0; i < 1000; i++) {
      x[i] = i;
      y[i] = 1;
    }
    Address dx = upload(Pointer.to(x), 4000);
    Address dy = upload(Pointer.to(y), 4000);
    launch("saxpy", 3, 128, 1000, 2f, dx.value(), dy.value());
    download(dy, Pointer.to(y), 4000);
    for (int i = 0; i < 1000; i++) {
      assertThat(y[i]).isEqualTo(2f * i + 1);
    }
    free(dx, dy);
  }

  @Test
  void threadsWaitForTheirWarpAndTheirBlock() {
    int[] x = IntStream.range(0, 10_000).toArray();
    int[] sums = new int[4];
    Address dx = upload(Pointer.to(x), 40_000);
    Address out = upload(Pointer.to(sums), 16);
    launch("blockSum", 4, 256, 10_000, dx.value(), out.value());
    download(out, Pointer.to(sums), 16);
    assertThat(IntStream.of(sums).sum()).isEqualTo(10_000 * 9_999 / 2);
    free(dx, out);
  }

  @Test
  void aBarrierHoldsUntilAllHaveReachedIt() {
    int[] x = IntStream.range(0, 300).toArray();
    Address dx = upload(Pointer.to(x), 1200);
    launch("reverse", 1, 300, 3, dx.value());
    download(dx, Pointer.to(x), 1200);
    assertThat(x).isEqualTo(IntStream.range(0, 300).map(i -> 299 - i).toArray());
    free(dx);
  }

  @Test
  void votesCountThoseWhoAreStillThere() {
    int[] votes = new int[60];
    Address out = upload(Pointer.to(votes), 240);
    launch("votes", 1, 32, out.value());
    download(out, Pointer.to(votes), 240);
    for (int lane = 0; lane < 20; lane++) {
      assertThat(votes[3 * lane]).isEqualTo(0b001001001001001001001);
      assertThat(votes[3 * lane + 1]).isEqualTo(1);
      assertThat(votes[3 * lane + 2]).isZero();
    }
    free(out);
  }

  @Test
  void argumentsLieAsTheSignatureSays() {
    double[] result = new double[1];
    Address out = upload(Pointer.to(result), 8);
    launch(
        "arguments",
        1,
        32,
        1,
        20.0,
        300f,
        new int[] {4000, 50_000, 600_000, 7_000_000},
        1L << 40,
        out.value());
    download(out, Pointer.to(result), 8);
    assertThat(result[0]).isEqualTo(7_654_321.0 + (1L << 40));
    free(out);
  }

  @Test
  void argumentsThatTheSignatureDoesNotHaveAreRefused() {
    long x = 0;
    assertThat(tryLaunch("saxpy", 1, 32, 10, 1f, x)).as("one less").isEqualTo(1);
    assertThat(tryLaunch("saxpy", 1, 32, 10, 1f, x, x, 1)).as("one more").isEqualTo(1);
    assertThat(tryLaunch("arguments", 1, 32, 1, 2f, 3f, new int[4], 4L, x))
        .as("a float")
        .isEqualTo(1);
    assertThat(CpuDriver.get().violations()).hasSize(3);
  }

  @Test
  void threadsThatWaitForEverAreAnError() {
    Address x = upload(Pointer.to(new int[1]), 4);
    launch("stuck", 1, 64, x.value());
    assertThat(cuStreamSynchronize(stream)).isEqualTo(719);
    assertThat(CpuDriver.get().violations()).singleElement().asString().contains("stuck: threads");
    CpuDriver.get().reset();
    free(x);
  }

  @Test
  void aWriteBehindAnAllocationIsNoticed() {
    Address x = upload(Pointer.to(new float[10]), 40);
    launch("beyond", 1, 32, 10, x.value());
    assertThat(cuStreamSynchronize(stream)).isEqualTo(CpuDriver.ILLEGAL_ADDRESS);
    assertThat(CpuDriver.get().violations())
        .containsExactly("beyond: wrote 0 bytes behind an allocation of 40 bytes on device 0");
    assertThat(cuStreamSynchronize(stream)).as("a crashed context").isEqualTo(700);
    CpuDriver.get().reset();
    free(x);
  }

  @Test
  void freshMemoryIsNotNumbers() {
    Address x = new Address();
    ok(cuMemAlloc(x, 40));
    float[] seen = new float[10];
    ok(cuMemcpyDtoH(Pointer.to(seen), x, 40));
    assertThat(seen).containsOnly(Float.NaN);
    free(x);
  }

  @Test
  void anAddressIsFreedOnce() {
    Address x = new Address();
    ok(cuMemAlloc(x, 40));
    long before = CpuDriver.get().living("device memory");
    free(x);
    assertThat(CpuDriver.get().living("device memory")).isEqualTo(before - 1);
    assertThat(cuMemFree(x)).isEqualTo(1);
    assertThat(CpuDriver.get().violations()).hasSize(1);
  }

  @Test
  void copiesStayWithinAllocations() {
    Address x = upload(Pointer.to(new float[10]), 40);
    assertThat(cuMemcpyHtoD(x, Pointer.to(new float[11]), 44)).isEqualTo(1);
    assertThat(CpuDriver.get().violations()).hasSize(1);
    free(x);
  }

  @Test
  void workRunsWhenSomethingWaitsForIt() {
    int[] x = {1, 2, 3};
    Address dx = upload(Pointer.to(x), 12);
    CUstream other = new CUstream();
    CUevent event = new CUevent();
    ok(cuStreamCreate(other, 1));
    ok(cuEventCreate(event, 0));
    launch("reverse", 1, 3, 1, dx.value());
    ok(cuEventRecord(event, stream));
    ok(cuMemcpyDtoH(Pointer.to(x), dx, 12));
    assertThat(x).as("read too early").containsExactly(1, 2, 3);
    ok(cuStreamWaitEvent(other, event, 0));
    ok(cuStreamSynchronize(other));
    ok(cuMemcpyDtoH(Pointer.to(x), dx, 12));
    assertThat(x).containsExactly(3, 2, 1);
    ok(cuEventDestroy(event));
    ok(cuStreamDestroy(other));
    free(dx);
  }

  @Test
  void memoryHasItsLimit() {
    CpuDriver.get().memory(0, 1 << 20);
    assertThat(cuMemAlloc(new Address(), 2 << 20)).isEqualTo(CpuDriver.OUT_OF_MEMORY);
  }

  @Test
  void aCallFailsWhenToldTo() {
    CpuDriver.get().fail("cuMemAlloc_v2", 2, 999);
    Address x = new Address();
    ok(cuMemAlloc(x, 8));
    assertThat(cuMemAlloc(new Address(), 8)).isEqualTo(999);
    assertThat(CpuDriver.get().calls()).containsEntry("cuMemAlloc_v2", 2L);
    free(x);
  }

  @Test
  void thePtxIsHeldToTheSource() {
    CUfunction f = new CUfunction();
    assertThat(cuModuleGetFunction(f, module, "unheardOf")).isEqualTo(500);
    assertThat(CpuDriver.get().violations()).isEmpty();
    assertThat(cuModuleGetFunction(f, module, "nowhere")).isEqualTo(500);
    assertThat(CpuDriver.get().violations()).hasSize(1);
    CUmodule other = new CUmodule();
    ok(cuModuleLoadData(other, ".version 7.0\n.target sm_75\n.entry votes(.param .u32 a)\n"));
    assertThat(cuModuleGetFunction(f, other, "votes")).isEqualTo(500);
    assertThat(CpuDriver.get().violations()).hasSize(2);
    ok(cuModuleUnload(other));
  }

  private static Address upload(Pointer from, long bytes) {
    Address p = new Address();
    ok(cuMemAlloc(p, bytes));
    ok(cuMemcpyHtoD(p, from, bytes));
    return p;
  }

  private void download(Address from, Pointer to, long bytes) {
    ok(cuStreamSynchronize(stream));
    ok(cuMemcpyDtoH(to, from, bytes));
  }

  private void launch(String kernel, int blocks, int threads, Object... arguments) {
    ok(tryLaunch(kernel, blocks, threads, arguments));
  }

  private int tryLaunch(String kernel, int blocks, int threads, Object... arguments) {
    CUfunction f = new CUfunction();
    ok(cuModuleGetFunction(f, module, kernel));
    return Launch.of(f, blocks, threads, stream, arguments);
  }

  private static void free(Address... all) {
    for (Address p : all) {
      ok(cuMemFree(p));
    }
  }

  private static void ok(int rc) {
    String[] name = new String[1];
    if (rc != 0) {
      JCudaDriver.cuGetErrorName(rc, name);
    }
    assertThat(rc).as(String.valueOf(name[0])).isZero();
  }
}
