// Capturing: what a captured stream is given becomes the nodes of a graph instead of running. What may not be done
// meanwhile fails, and spoils the capture, by the rules of "Stream Capture" in CUDA's programming guide and of
// cuThreadExchangeStreamCaptureMode. Forks into a second stream are not known here.
#pragma once
#include <functional>
#include <map>
#include <thread>
#include <vector>

#include "streams.h"

namespace crema {

enum CaptureMode { GLOBAL = 0, THREAD_LOCAL = 1, RELAXED = 2 };

struct Graph {
  int device;
  std::vector<Work> nodes;
  std::map<uint64_t, uint64_t> memory;  // the allocations that the nodes use: address, serial number
};

struct Capturing {
  int mode;
  std::thread::id thread;
  Graph* graph;
  bool spoilt = false;
};

// Makes a node of work for a stream that is captured.
int capture(Stream* s, Work work);
// Spoils the stream's capture; gives rc.
int spoil(Stream* s, int rc);
// Of a call that may not be made during a capture, by the mode of captures and of this thread: 0, or its error.
int unsafeCall();
// Of a call that waits for a whole device: 0, or its error.
int unsafeForDevice(int device);

}  // namespace crema

#define CREMA_UNSAFE_CALL() \
  CREMA_CONTEXT_CALL();     \
  if (int bad = crema::unsafeCall()) return bad
