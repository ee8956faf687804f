// Streams and events as the driver's functions.
#include <chrono>

#include "capture.h"
#include "context.h"

using namespace crema;

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int await(const std::shared_ptr<Mark>& mark, int device) {
  return !mark || mark->reached ? deviceError(device) : drain(mark->stream, mark.get());
}

}  // namespace

extern "C" {

int cuStreamCreate(Stream** stream, unsigned flags) {
  CREMA_CONTEXT_CALL();
  *stream = newStream(device, flags & 1);
  return SUCCESS;
}

int cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) {
  CREMA_CONTEXT_CALL();
  *stream = newStream(device, flags & 1);
  return SUCCESS;
}

int cuStreamDestroy_v2(Stream* stream) {
  CREMA_CONTEXT_CALL();
  if (!isStream(stream)) return INVALID_HANDLE;
  if (stream->capturing) return spoil(stream, STREAM_CAPTURE_UNSUPPORTED);
  destroyStream(stream);
  return SUCCESS;
}

int cuStreamSynchronize(void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  return drain(s);
}

// Something that is still queued is not ready when it is asked for, and ready the next time.
int cuStreamQuery(void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (s->capturing) return spoil(s, STREAM_CAPTURE_UNSUPPORTED);
  if (s->queue.empty()) return SUCCESS;
  int rc = drain(s);
  return rc ? rc : NOT_READY;
}

int cuStreamWaitEvent(void* stream, Event* event, unsigned) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  if (event->capturing && event->capturing != s) {
    violation("a capture that forks into another stream is not known to this driver");
    return spoil(event->capturing, STREAM_CAPTURE_UNSUPPORTED);
  }
  if (s->capturing) return event->capturing ? int(SUCCESS) : spoil(s, STREAM_CAPTURE_ISOLATION);
  auto mark = event->mark;
  return enqueue(s, [=] { return await(mark, s->device); });
}

int cuEventCreate(Event** event, unsigned) {
  CREMA_CONTEXT_CALL();
  *event = new Event{};
  count("event", 1);
  return SUCCESS;
}

int cuEventDestroy_v2(Event* event) {
  CREMA_CONTEXT_CALL();
  delete event;
  count("event", -1);
  return SUCCESS;
}

int cuEventRecord(Event* event, void* stream) {
  CREMA_CONTEXT_CALL();
  CREMA_STREAM(s, stream);
  event->capturing = s->capturing ? s : nullptr;
  if (s->capturing) {
    event->mark = nullptr;
    return capture(s, {[] { return 0; }, nullptr, 0});
  }
  auto mark = std::make_shared<Mark>();
  mark->stream = s;
  event->mark = mark;
  return enqueue(s, [=] {
    mark->reached = true;
    mark->seconds = now();
    return 0;
  });
}

int cuEventSynchronize(Event* event) {
  CREMA_CONTEXT_CALL();
  if (event->capturing) return spoil(event->capturing, CAPTURED_EVENT);
  return await(event->mark, device);
}

int cuEventQuery(Event* event) {
  CREMA_UNSAFE_CALL();
  if (event->capturing) return spoil(event->capturing, CAPTURED_EVENT);
  if (!event->mark || event->mark->reached) return SUCCESS;
  int rc = await(event->mark, device);
  return rc ? rc : NOT_READY;
}

int cuEventElapsedTime(float* milliseconds, Event* from, Event* to) {
  CREMA_CONTEXT_CALL();
  if (!from->mark || !to->mark) return INVALID_HANDLE;
  if (!from->mark->reached || !to->mark->reached) return NOT_READY;
  *milliseconds = float((to->mark->seconds - from->mark->seconds) * 1e3);
  return SUCCESS;
}
}
