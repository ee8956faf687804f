// The current context of the calling thread.
#pragma once
#include "calls.h"
#include "streams.h"

namespace crema {

struct Context {
  int device;
  bool primary;
};

// Of the calling thread, or null.
Context* currentContext();
// 0, or why the calling thread can do nothing now: no context, or one that a crashed kernel spoilt.
int contextError();

}  // namespace crema

// A call that needs a sound current context.
#define CREMA_CONTEXT_CALL()                          \
  CREMA_CALL();                                       \
  if (int bad = crema::contextError()) return bad;    \
  [[maybe_unused]] int device = crema::currentContext()->device

// The stream of this handle, on the context's device.
#define CREMA_STREAM(name, handle)                            \
  crema::Stream* name = crema::streamOf(handle, device); \
  if (!name) return crema::INVALID_HANDLE
