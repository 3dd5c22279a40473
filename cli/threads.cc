#include "cli/threads.h"

#include <algorithm>
#include <thread>

namespace minos::cli {

int MachineThreads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace minos::cli
