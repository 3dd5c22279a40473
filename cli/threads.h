// How many threads this machine runs at once.

#ifndef MINOS_CLI_THREADS_H_
#define MINOS_CLI_THREADS_H_

namespace minos::cli {

// At least 1; the default of --jobs.
int MachineThreads();

}  // namespace minos::cli

#endif  // MINOS_CLI_THREADS_H_
