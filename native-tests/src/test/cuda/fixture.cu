// Kernels that show what the CPU-executing driver does: the ways threads wait for each other, and the ways to go wrong.

extern "C" __global__ void saxpy(int n, float a, const float* x, float* y) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = a * x[i] + y[i];
}

// out[block] = the sum of that block's part of x, by shuffles within warps and shared memory between them.
extern "C" __global__ void blockSum(int n, const int* x, int* out) {
  __shared__ int partial[32];
  int v = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) v += x[i];
  for (int o = 16; o > 0; o >>= 1) v += __shfl_down_sync(0xffffffffu, v, o);
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
  if (lane == 0) partial[warp] = v;
  __syncthreads();
  if (warp == 0) {
    v = lane < (int)(blockDim.x >> 5) ? partial[lane] : 0;
    for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(0xffffffffu, v, o);
    if (lane == 0) out[blockIdx.x] = v;
  }
}

// Reverses a block's elements through shared memory, several times over: wrong without each of its barriers.
extern "C" __global__ void reverse(int times, int* x) {
  __shared__ int s[1024];
  int n = blockDim.x, i = threadIdx.x;
  for (int k = 0; k < times; k++) {
    s[i] = x[i];
    __syncthreads();
    x[i] = s[n - 1 - i];
    __syncthreads();
  }
}

// What each lane gets from a ballot, an any and an all; the threads after the warp's first 20 have left already.
extern "C" __global__ void votes(unsigned* out) {
  int i = threadIdx.x;
  if (i >= 20) return;
  unsigned mask = 0xfffff;
  out[3 * i] = __ballot_sync(mask, i % 3 == 0);
  out[3 * i + 1] = __any_sync(mask, i == 7);
  out[3 * i + 2] = __all_sync(mask, i != 7);
}

struct Four {
  int v[4];
};

// Arguments of every size, one behind the other.
extern "C" __global__ void arguments(int a, double b, float c, Four d, long long e, double* out) {
  if (threadIdx.x == 0) out[0] = a + b + c + d.v[0] + d.v[1] + d.v[2] + d.v[3] + (double)e;
}

// Half of a warp wait for a shuffle of all, the others for the block's barrier.
extern "C" __global__ void stuck(int* x) {
  int v = 1;
  if (threadIdx.x < 16) v = __shfl_sync(0xffffffffu, v, 0);
  __syncthreads();
  x[0] = v;
}

// Writes one element too far.
extern "C" __global__ void beyond(int n, float* x) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i <= n) x[i] = 1;
}
