#include "fibers.h"

#include <sys/mman.h>

#include <deque>
#include <memory>
#include <vector>

#include "../include/cuda_on_cpu.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

// void crema_switch(void** from, void* to): keeps what a callee must keep on the stack, and goes on with another stack.
extern "C" void crema_switch(void** from, void* to);
asm(R"(
.text
.globl crema_switch
.hidden crema_switch
.type crema_switch, @function
crema_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size crema_switch, .-crema_switch
)");

namespace crema {
namespace {

constexpr size_t STACK = 64 << 10;

struct Fiber {
  void* sp;
  unsigned thread;
};

struct Warp {
  unsigned alive, arrived;
  uint64_t bits[32], result[32];
  int source[32];
  unsigned ballot[32];
  Fiber* parked[32];
};

// The block that runs now; the driver's lock makes it one at a time.
struct Block {
  void (*kernel)(const char*);
  const char* arguments;
  unsigned threads, next, alive, arrived;
  std::vector<Fiber*> parked;  // at the block's barrier
  std::vector<Warp> warps;
} block;

std::vector<std::unique_ptr<Fiber>> all;
std::vector<Fiber*> idle;
std::deque<Fiber*> ready;
Fiber* current;
void* scheduler;

void setThread(unsigned i) {
  threadIdx.x = i % blockDim.x;
  threadIdx.y = i / blockDim.x % blockDim.y;
  threadIdx.z = i / blockDim.x / blockDim.y;
}

void park() {
  Fiber* me = current;
  crema_switch(&me->sp, scheduler);
  setThread(me->thread);
}

void releaseBlock() {
  block.arrived = 0;
  ready.insert(ready.end(), block.parked.begin(), block.parked.end());
  block.parked.clear();
}

// Ends the waiting of a warp's lanes: each gets the bits of its source, all ones where that lane is not among them.
void releaseWarp(Warp& w, unsigned group, int except) {
  unsigned ballot = 0;
  for (int l = 0; l < 32; l++) ballot |= (group >> l & 1 && w.bits[l] != 0 ? 1u : 0u) << l;
  for (int l = 0; l < 32; l++) {
    if (!(group >> l & 1)) continue;
    int s = w.source[l] & 31;
    w.result[l] = group >> s & 1 ? w.bits[s] : ~0ull;
    w.ballot[l] = ballot;
    if (l != except) ready.push_back(w.parked[l]);
  }
  w.arrived &= ~group;
}

void threadEnded(unsigned thread) {
  block.alive--;
  if (block.arrived && block.arrived == block.alive) releaseBlock();
  Warp& w = block.warps[thread / 32];
  w.alive &= ~(1u << thread % 32);
  if (w.arrived && w.arrived == w.alive) releaseWarp(w, w.arrived, -1);
}

void runThreads() {
  for (;;) {
    while (block.next < block.threads) {
      Fiber* me = current;
      me->thread = block.next++;
      setThread(me->thread);
      block.kernel(block.arguments);
      threadEnded(me->thread);
    }
    idle.push_back(current);
    crema_switch(&current->sp, scheduler);
  }
}

Fiber* newFiber() {
  void* stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) return nullptr;
  void** top = reinterpret_cast<void**>(static_cast<char*>(stack) + STACK - 64);
  *--top = nullptr;  // a return address that nobody uses, and the alignment that a call leaves
  *--top = reinterpret_cast<void*>(&runThreads);
  for (int i = 0; i < 6; i++) *--top = nullptr;
  all.push_back(std::make_unique<Fiber>(Fiber{top, 0}));
  return all.back().get();
}

}  // namespace

int lane() { return int(current->thread & 31); }

void syncBlock() {
  if (++block.arrived == block.alive) return releaseBlock();
  block.parked.push_back(current);
  park();
}

Exchanged syncWarp(unsigned mask, uint64_t bits, int source) {
  Warp& w = block.warps[current->thread / 32];
  int l = lane();
  w.bits[l] = bits;
  w.source[l] = source;
  w.arrived |= 1u << l;
  unsigned wanted = (mask | 1u << l) & w.alive;
  if ((w.arrived & wanted) == wanted) {
    releaseWarp(w, wanted, l);
  } else {
    w.parked[l] = current;
    park();
  }
  return {w.result[l], w.ballot[l]};
}

const char* runBlock(void (*kernel)(const char*), const char* arguments) {
  unsigned threads = blockDim.x * blockDim.y * blockDim.z;
  block.kernel = kernel;
  block.arguments = arguments;
  block.threads = block.alive = threads;
  block.next = block.arrived = 0;
  block.parked.clear();
  if (block.warps.size() < (threads + 31) / 32) block.warps.resize((threads + 31) / 32);
  for (unsigned i = 0; i < threads; i += 32) {
    Warp& w = block.warps[i / 32];
    w.arrived = 0;
    w.alive = threads - i >= 32 ? ~0u : (1u << (threads - i)) - 1;
  }
  while (block.alive) {
    if (!ready.empty()) {
      current = ready.front();
      ready.pop_front();
    } else if (block.next < threads) {
      if (idle.empty()) {
        Fiber* fresh = newFiber();
        if (!fresh) return "no memory for another fiber";
        idle.push_back(fresh);
      }
      current = idle.back();
      idle.pop_back();
    } else {
      // Their stacks are lost to us, which a test that shows such a kernel can afford.
      return "threads wait for a barrier or a shuffle that the others do not reach";
    }
    crema_switch(&scheduler, current->sp);
  }
  return nullptr;
}

}  // namespace crema
