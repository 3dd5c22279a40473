#include "cli/threads.h"

#include <algorithm>
#include <cstddef>
#include <thread>

namespace minos::cli {
namespace {

constexpr size_t kBytesPerThread = size_t{256} << 20;

}  // namespace

int MachineThreads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int ThreadsFor(size_t memory_limit) {
  const size_t most = std::max<size_t>(1, memory_limit / kBytesPerThread);
  return static_cast<int>(
      std::min(most, static_cast<size_t>(MachineThreads())));
}

}  // namespace minos::cli
