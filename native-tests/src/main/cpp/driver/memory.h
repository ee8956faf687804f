// Device and pinned memory: plain memory with guard zones around it. Fresh memory is all ones, which is NaN as a float and
// out of range as an index.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace crema {

int allocate(int device, size_t bytes, uint64_t* address);
int release(uint64_t address);
// Whether all of this lies in one live allocation of whatever device.
bool inDevice(uint64_t address, size_t bytes);
// The addresses of the allocations that inDevice found, in the call under way.
const std::vector<uint64_t>& touched();
void forgetTouched();
// The number of the allocation at this address, in the order in which they were made; 0 when there is none.
uint64_t serialOf(uint64_t address);
// The device of an address, or -1.
int deviceOf(uint64_t address);
// Looks at every guard zone, says who may have damaged it, and mends it. False where one was damaged.
bool checkGuards(const std::string& after);

void* allocatePinned(size_t bytes);
bool releasePinned(void* p);
bool isPinned(const void* p, size_t bytes);

size_t memoryOf(int device);
size_t memoryUsed(int device);
void setMemory(int device, size_t bytes);

}  // namespace crema
