// cuDNN 9's status codes.
#pragma once

namespace dnn {

enum Status {
  OK = 0,
  NOT_INITIALIZED = 1001,
  BAD_PARAM = 2000,
  NULL_POINTER = 2002,
  NOT_SUPPORTED = 3000,
  INTERNAL_ERROR = 4000,
  EXECUTION_FAILED = 5000,
};

}  // namespace dnn
