#include "cli/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
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

// Of a limit that is less than the program itself, so much is given to the
// history all the same: a short one may do with it.
constexpr size_t kLeastShare = 4;

}  // namespace

size_t ResidentBytes() {
  // By plain calls, since a thread asks once a millisecond.
  std::array<char, 64> text{};
  const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t count = read(file, text.data(), text.size() - 1);
  close(file);
  if (count <= 0) return 0;
  char* end = nullptr;
  std::strtoull(text.data(), &end, 10);  // all that is mapped
  const size_t pages = std::strtoull(end, nullptr, 10);
  return pages * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
}

size_t LeftOfMemory(size_t limit) {
  return std::max(limit - std::min(limit, ResidentBytes()),
                  limit / kLeastShare);
}

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
