// Runs one block of CUDA threads on the calling thread. All threads share one fiber, one after the other, as long as none
// waits: a kernel without barriers costs a call per thread. A thread that waits keeps its fiber, and the rest go on in
// another, so nothing need be known of a kernel beforehand.
#pragma once
#include <cstddef>

namespace crema {

// Runs the kernel for every thread of blockDim at blockIdx. Gives why it cannot end, or null.
const char* runBlock(void (*kernel)(const char*), const char* arguments);

}  // namespace crema
