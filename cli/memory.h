// How much memory the program may use, and giving back what it does not.

#ifndef MINOS_CLI_MEMORY_H_
#define MINOS_CLI_MEMORY_H_

#include <cstddef>

namespace minos::cli {

// Three quarters of the memory of the machine, or of the control group that the
// process runs in where that has less.
size_t DefaultMemoryLimit();

// How many bytes of memory the process holds: 0 where the system does not tell.
size_t ResidentBytes();

// What is left of `limit` bytes for histories and checks beside what the
// process holds already, such as its own code.
size_t LeftOfMemory(size_t limit);

// Makes the allocator return large blocks to the system as soon as they are
// freed, and share its arenas among threads: the memory of the process then
// follows what is in use. Call before any thread is started.
void KeepMemoryTight();

}  // namespace minos::cli

#endif  // MINOS_CLI_MEMORY_H_
