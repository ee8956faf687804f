#include "ptx.h"

#include <cstdlib>

namespace crema {
namespace {

// .u64 → 8, .f32 → 4, .b8 with [n] → n
size_t bytesOf(const std::string& parameter) {
  size_t bytes = 0;
  for (size_t dot = parameter.find('.'); dot != std::string::npos; dot = parameter.find('.', dot + 1)) {
    char kind = parameter[dot + 1];
    bool type = (kind == 'u' || kind == 's' || kind == 'f' || kind == 'b') && isdigit(parameter[dot + 2]);
    if (type) bytes = size_t(atoi(parameter.c_str() + dot + 2)) / 8;
  }
  size_t bracket = parameter.find('[');
  return bracket == std::string::npos ? bytes : bytes * size_t(atol(parameter.c_str() + bracket + 1));
}

}  // namespace

PtxKernels kernelsOf(const std::string& ptx) {
  PtxKernels kernels;
  const std::string entry = ".entry ";
  for (size_t at = ptx.find(entry); at != std::string::npos; at = ptx.find(entry, at + 1)) {
    size_t open = ptx.find('(', at), close = ptx.find(')', at);
    size_t name = at + entry.size(), end = ptx.find_first_of("( \n\t", name);
    std::vector<size_t>& parameters = kernels[ptx.substr(name, end - name)];
    for (size_t p = ptx.find(".param", open); p < close; p = ptx.find(".param", p + 1)) {
      size_t stop = std::min(ptx.find(',', p), close);
      parameters.push_back(bytesOf(ptx.substr(p, stop - p)));
    }
  }
  return kernels;
}

}  // namespace crema
