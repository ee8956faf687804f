#include "streams.h"

#include <map>

#include "calls.h"
#include "capture.h"
#include "memory.h"

namespace crema {
namespace {

constexpr size_t LONGEST = 4096;  // then the oldest runs, so that queues stay short

std::map<int, Stream> legacy;
std::set<Stream*> streams;
std::map<int, int> errors;
bool eager = false;

void runOne(Stream* s) {
  Work work = std::move(s->queue.front());
  s->queue.pop_front();
  if (errors[s->device]) return;
  int rc = work.run();
  if (rc) errors[s->device] = rc;
}

}  // namespace

bool isStream(void* handle) { return streams.count(static_cast<Stream*>(handle)) != 0; }

Stream* streamOf(void* handle, int device) {
  if (reinterpret_cast<uintptr_t>(handle) <= 1) {
    Stream& s = legacy[device];
    s.device = device;
    return &s;
  }
  return isStream(handle) && static_cast<Stream*>(handle)->device == device ? static_cast<Stream*>(handle) : nullptr;
}

const std::set<Stream*>& allStreams() { return streams; }

Stream* newStream(int device, bool nonBlocking) {
  auto* s = new Stream{device, nonBlocking, {}, nullptr};
  streams.insert(s);
  count("stream", 1);
  return s;
}

void destroyStream(Stream* s) {
  drain(s);
  streams.erase(s);
  delete s;
  count("stream", -1);
}

int enqueue(Stream* s, std::function<int()> run, const void* host, size_t hostBytes) {
  if (s->capturing) return capture(s, {std::move(run), host, hostBytes});
  bool isLegacy = !isStream(s);
  if (isLegacy)
    for (Stream* other : streams)
      if (other->device == s->device && !other->nonBlocking) {
        if (other->capturing) return spoil(other, STREAM_CAPTURE_IMPLICIT);
        drain(other);
      }
  s->queue.push_back({std::move(run), host, hostBytes});
  if (isLegacy || eager) return drain(s);
  if (s->queue.size() > LONGEST) runOne(s);
  return errors[s->device];
}

int drain(Stream* s, const Mark* until) {
  while (!s->queue.empty() && !(until && until->reached)) runOne(s);
  return errors[s->device];
}

int drainDevice(int device) {
  std::set<Stream*> copy = streams;
  for (Stream* s : copy)
    if (s->device == device) drain(s);
  if (!errors[device] && !checkGuards("seen at a synchronisation")) errors[device] = ILLEGAL_ADDRESS;
  return errors[device];
}

bool isUsed(const void* host, size_t bytes) {
  auto from = static_cast<const char*>(host);
  for (Stream* s : streams)
    for (auto& w : s->queue) {
      auto at = static_cast<const char*>(w.host);
      if (at && at < from + bytes && from < at + w.hostBytes) return true;
    }
  return false;
}

int deviceError(int device) { return errors[device]; }

void setEager(bool value) { eager = value; }

void clearDeviceErrors() { errors.clear(); }

}  // namespace crema
