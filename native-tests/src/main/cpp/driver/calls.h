// What every function of the three libraries goes through: one lock, a count, and failures on demand; and the counts of
// what lives, by kind, which a test compares before and after.
#pragma once
#include <mutex>
#include <string>

namespace crema {

enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_HANDLE = 400,
  ILLEGAL_STATE = 401,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_OUT_OF_RESOURCES = 701,
  LAUNCH_FAILED = 719,
  STREAM_CAPTURE_UNSUPPORTED = 900,
  STREAM_CAPTURE_INVALIDATED = 901,
  STREAM_CAPTURE_ISOLATION = 905,
  STREAM_CAPTURE_IMPLICIT = 906,
  CAPTURED_EVENT = 907,
  STREAM_CAPTURE_WRONG_THREAD = 908,
};

// A call under way: holds the lock; rc is not 0 where this call has been told to fail.
class Call {
 public:
  explicit Call(const char* function);
  int rc;

 private:
  std::lock_guard<std::recursive_mutex> lock;
};

#define CREMA_CALL()          \
  crema::Call call(__func__); \
  if (call.rc) return call.rc

// One more or less of a kind of thing, such as "stream".
void count(const char* kind, int by);

// Something that no correct program does, such as a write beyond an allocation. Tests ask for these at their end.
void violation(const std::string& what);

// Whether this kernel, about to run, is to fail as if it had crashed: the error, else 0.
int kernelFailure(const char* kernel);

}  // namespace crema
