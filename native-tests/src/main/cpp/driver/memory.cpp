#include "memory.h"

#include <cstdlib>
#include <cstring>
#include <map>

#include "calls.h"

namespace crema {
namespace {

constexpr size_t GUARD = 512;  // also the alignment, as on a GPU
constexpr unsigned char FRESH = 0xFF, ZONE = 0xA5, FREED = 0xDD;
constexpr size_t PLENTY = size_t(4) << 30;

struct Block {
  size_t bytes;
  int device;
  char* base;
  uint64_t serial;
};

std::map<uint64_t, Block> blocks;  // by address
uint64_t made = 0;
std::vector<uint64_t> found;
std::map<uintptr_t, size_t> pinned;
std::map<int, size_t> used, limit;

size_t padded(size_t bytes) { return (bytes + GUARD - 1) / GUARD * GUARD; }

char* make(size_t bytes) {
  void* base = nullptr;
  if (posix_memalign(&base, GUARD, padded(bytes) + 2 * GUARD)) return nullptr;
  memset(base, ZONE, padded(bytes) + 2 * GUARD);
  memset(static_cast<char*>(base) + GUARD, FRESH, bytes);
  return static_cast<char*>(base);
}

// Where the first damaged byte of a run is, or -1.
long damaged(const char* from, size_t n) {
  unsigned char bad = 0;
  for (size_t i = 0; i < n; i++) bad |= static_cast<unsigned char>(from[i]) ^ ZONE;
  for (size_t i = 0; bad && i < n; i++)
    if (static_cast<unsigned char>(from[i]) != ZONE) return long(i);
  return -1;
}

bool check(uint64_t address, const Block& b, const std::string& after) {
  char* end = b.base + GUARD + b.bytes;
  size_t tail = b.base + 2 * GUARD + padded(b.bytes) - end;
  long before = damaged(b.base, GUARD), behind = damaged(end, tail);
  if (before < 0 && behind < 0) return true;
  violation(after + ": wrote " +
            (behind >= 0 ? std::to_string(behind) + " bytes behind" : std::to_string(GUARD - before) + " bytes before") +
            " an allocation of " + std::to_string(b.bytes) + " bytes on device " + std::to_string(b.device));
  (void)address;
  memset(b.base, ZONE, GUARD);
  memset(end, ZONE, tail);
  return false;
}

std::map<uint64_t, Block>::iterator find(uint64_t address) {
  auto it = blocks.upper_bound(address);
  return it == blocks.begin() ? blocks.end() : --it;
}

}  // namespace

int allocate(int device, size_t bytes, uint64_t* address) {
  if (!bytes) return INVALID_VALUE;
  char* base = used[device] + padded(bytes) > memoryOf(device) ? nullptr : make(bytes);
  if (!base) return OUT_OF_MEMORY;
  used[device] += padded(bytes);
  *address = reinterpret_cast<uint64_t>(base + GUARD);
  blocks[*address] = {bytes, device, base, ++made};
  count("device memory", 1);
  return SUCCESS;
}

int release(uint64_t address) {
  if (!address) return SUCCESS;
  auto it = blocks.find(address);
  if (it == blocks.end()) {
    violation("free of an address that is not allocated");
    return INVALID_VALUE;
  }
  check(address, it->second, "seen at free");
  used[it->second.device] -= padded(it->second.bytes);
  memset(it->second.base, FREED, padded(it->second.bytes) + 2 * GUARD);
  free(it->second.base);
  blocks.erase(it);
  count("device memory", -1);
  return SUCCESS;
}

bool inDevice(uint64_t address, size_t bytes) {
  auto it = find(address);
  if (it == blocks.end() || address + bytes > it->first + it->second.bytes) return false;
  found.push_back(it->first);
  return true;
}

const std::vector<uint64_t>& touched() { return found; }

void forgetTouched() { found.clear(); }

uint64_t serialOf(uint64_t address) {
  auto it = blocks.find(address);
  return it == blocks.end() ? 0 : it->second.serial;
}

int deviceOf(uint64_t address) { return inDevice(address, 1) ? find(address)->second.device : -1; }

bool checkGuards(const std::string& after) {
  bool whole = true;
  for (auto& [address, block] : blocks) whole &= check(address, block, after);
  return whole;
}

void* allocatePinned(size_t bytes) {
  void* p = bytes ? malloc(bytes) : nullptr;
  if (!p) return nullptr;
  memset(p, FRESH, bytes);
  pinned[reinterpret_cast<uintptr_t>(p)] = bytes;
  count("pinned memory", 1);
  return p;
}

bool releasePinned(void* p) {
  auto it = pinned.find(reinterpret_cast<uintptr_t>(p));
  if (it == pinned.end()) {
    violation("free of pinned memory that is not allocated");
    return false;
  }
  memset(p, FREED, it->second);
  free(p);
  pinned.erase(it);
  count("pinned memory", -1);
  return true;
}

bool isPinned(const void* p, size_t bytes) {
  auto at = reinterpret_cast<uintptr_t>(p);
  auto it = pinned.upper_bound(at);
  return it != pinned.begin() && (--it, at + bytes <= it->first + it->second);
}

size_t memoryOf(int device) {
  auto it = limit.find(device);
  return it == limit.end() ? PLENTY : it->second;
}

size_t memoryUsed(int device) { return used[device]; }

void setMemory(int device, size_t bytes) { limit[device] = bytes; }

}  // namespace crema
