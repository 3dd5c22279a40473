// How many threads to work on.

#ifndef MINOS_CLI_THREADS_H_
#define MINOS_CLI_THREADS_H_

#include <cstddef>

namespace minos::cli {

// How many this machine runs at once; at least 1.
int MachineThreads();

// The same, but at most one for each 256 MiB of memory that may be used, or 1:
// what one thread holds, the others cannot use.
int ThreadsFor(size_t memory_limit);

}  // namespace minos::cli

#endif  // MINOS_CLI_THREADS_H_
