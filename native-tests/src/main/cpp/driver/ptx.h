// Reads what a PTX file says of its kernels: their names, and the bytes of each parameter.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace crema {

typedef std::map<std::string, std::vector<size_t>> PtxKernels;

PtxKernels kernelsOf(const std::string& ptx);

}  // namespace crema
