// Streams and events. Work waits in its stream until something waits for it: that is the slowest GPU there can be, so what
// reads a result, or overwrites a source, before it should is always wrong here.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>

namespace crema {

struct Work {
  std::function<int()> run;
  const void* host;  // what it reads or writes of the host's memory
  size_t hostBytes;
};

struct Capturing;

struct Stream {
  int device;
  bool nonBlocking;
  std::deque<Work> queue;
  Capturing* capturing = nullptr;  // see capture.h
};

// A point in a stream.
struct Mark {
  Stream* stream;
  bool reached = false;
  double seconds = 0;
};

struct Event {
  std::shared_ptr<Mark> mark;
  Stream* capturing = nullptr;  // where it was last recorded, if that was captured then
};

// The stream of a handle of the context's device (null, 1: the legacy stream), or null where it is none of these.
Stream* streamOf(void* handle, int device);
bool isStream(void* handle);
// All but the legacy ones.
const std::set<Stream*>& allStreams();
Stream* newStream(int device, bool nonBlocking);
void destroyStream(Stream* s);

// Queues work, or where the stream is captured, notes it. On the legacy stream it runs at once, after all that blocking streams have queued.
int enqueue(Stream* s, std::function<int()> run, const void* host = nullptr, size_t hostBytes = 0);
// Runs what is queued, up to the mark where there is one. Gives the device's error, if it has one.
int drain(Stream* s, const Mark* until = nullptr);
int drainDevice(int device);
// Whether queued work touches this memory of the host.
bool isUsed(const void* host, size_t bytes);

// The error that a crashed kernel left its device with, or 0.
int deviceError(int device);
void setEager(bool eager);
void clearDeviceErrors();

}  // namespace crema
