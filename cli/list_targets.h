// The topics of `minos list` that speak of runs: targets, workloads, faults.

#ifndef MINOS_CLI_LIST_TARGETS_H_
#define MINOS_CLI_LIST_TARGETS_H_

#include <string>

namespace minos::cli {

// For people.
std::string TargetsText();
std::string WorkloadsText();
std::string FaultsText();

// A JSON array each.
std::string TargetsJson();
std::string WorkloadsJson();
std::string FaultsJson();

}  // namespace minos::cli

#endif  // MINOS_CLI_LIST_TARGETS_H_
