#include "capture.h"

#include <set>

#include "context.h"
#include "memory.h"

namespace crema {
namespace {

thread_local int threadMode = GLOBAL;
std::set<Graph*> graphs, executables;

bool isMine(const Capturing& c) { return c.thread == std::this_thread::get_id(); }

int forbid(bool (*what)(const Capturing&)) {
  int rc = SUCCESS;
  for (Stream* s : allStreams())
    if (s->capturing && what(*s->capturing)) rc = spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  return rc;
}

void end(Stream* s) {
  delete s->capturing;
  s->capturing = nullptr;
}

}  // namespace

int capture(Stream* s, Work work) {
  Capturing& c = *s->capturing;
  if (c.spoilt) return STREAM_CAPTURE_INVALIDATED;
  c.graph->nodes.push_back(std::move(work));
  for (uint64_t address : touched()) c.graph->memory[address] = serialOf(address);
  return SUCCESS;
}

int spoil(Stream* s, int rc) {
  if (s->capturing) s->capturing->spoilt = true;
  return rc;
}

int unsafeCall() {
  if (threadMode == RELAXED) return SUCCESS;
  return threadMode == GLOBAL
             ? forbid([](const Capturing& c) { return isMine(c) ? c.mode != RELAXED : c.mode == GLOBAL; })
             : forbid([](const Capturing& c) { return isMine(c) && c.mode != RELAXED; });
}

int unsafeForDevice(int device) {
  int rc = SUCCESS;
  for (Stream* s : allStreams())
    if (s->capturing && s->device == device) rc = spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  return rc;
}

}  // namespace crema

using namespace crema;

extern "C" {

int cuThreadExchangeStreamCaptureMode(int* mode) {
  CREMA_CALL();
  if (*mode < GLOBAL || *mode > RELAXED) return INVALID_VALUE;
  std::swap(*mode, threadMode);
  return SUCCESS;
}

int cuStreamBeginCapture_v2(void* stream, int mode) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!isStream(s)) return STREAM_CAPTURE_UNSUPPORTED;
  if (mode < GLOBAL || mode > RELAXED) return INVALID_VALUE;
  if (s->capturing) return ILLEGAL_STATE;
  s->capturing = new Capturing{mode, std::this_thread::get_id(), new Graph{device, {}, {}}};
  return SUCCESS;
}

int cuStreamEndCapture(void* stream, Graph** graph) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  *graph = nullptr;
  if (!s->capturing) return ILLEGAL_STATE;
  if (s->capturing->mode != RELAXED && !isMine(*s->capturing)) return STREAM_CAPTURE_WRONG_THREAD;
  Graph* made = s->capturing->graph;
  bool spoilt = s->capturing->spoilt;
  end(s);
  if (spoilt) {
    delete made;
    return STREAM_CAPTURE_INVALIDATED;
  }
  graphs.insert(made);
  count("graph", 1);
  *graph = made;
  return SUCCESS;
}

// 0: no; 1: yes; 2: it is spoilt.
int cuStreamIsCapturing(void* stream, int* status) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  *status = !s->capturing ? 0 : s->capturing->spoilt ? 2 : 1;
  return SUCCESS;
}

int cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long flags) {
  CREMA_CONTEXT_CALL();
  if (!graphs.count(graph) || flags) return INVALID_VALUE;
  *executable = new Graph(*graph);
  executables.insert(*executable);
  count("executable graph", 1);
  return SUCCESS;
}

int cuGraphLaunch(Graph* executable, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (!executables.count(executable) || executable->device != device) return INVALID_VALUE;
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  for (auto& [address, serial] : executable->memory)
    if (serialOf(address) != serial) {
      violation("a graph is launched that uses memory which was freed since it was captured");
      return ILLEGAL_ADDRESS;
    }
  int rc = deviceError(device);
  for (auto& node : executable->nodes)
    if (!rc) rc = enqueue(s, node.run, node.host, node.hostBytes);
  return rc;
}

int cuGraphExecDestroy(Graph* executable) {
  CREMA_CONTEXT_CALL();
  if (!executables.erase(executable)) return INVALID_VALUE;
  delete executable;
  count("executable graph", -1);
  return SUCCESS;
}

int cuGraphDestroy(Graph* graph) {
  CREMA_CONTEXT_CALL();
  if (!graphs.erase(graph)) return INVALID_VALUE;
  delete graph;
  count("graph", -1);
  return SUCCESS;
}
}
