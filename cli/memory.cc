#include "cli/memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace minos::cli {
namespace {

// The limit of the control group (version 2, then 1), if the process sees one.
size_t ControlGroupLimit(size_t otherwise) {
  for (const char* path : {"/sys/fs/cgroup/memory.max",
                           "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    size_t limit = 0;
    if (file >> limit) return limit;
  }
  return otherwise;
}

}  // namespace

size_t DefaultMemoryLimit() {
  const auto pages = static_cast<size_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
  const size_t machine = pages * page_bytes;
  return std::min(machine, ControlGroupLimit(machine)) / 4 * 3;
}

void KeepMemoryTight() {
#ifdef __GLIBC__
  // Smaller blocks are carved out of the heap, which is quicker.
  constexpr int kLargeBlock = 1 << 20;
  constexpr int kArenas = 2;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  mallopt(M_TRIM_THRESHOLD, kLargeBlock);
  mallopt(M_ARENA_MAX, kArenas);
#endif
}

}  // namespace minos::cli
