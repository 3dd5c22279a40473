// The files that a command line names, one by one and by their directories.

#ifndef MINOS_CLI_INPUT_FILES_H_
#define MINOS_CLI_INPUT_FILES_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace minos::cli {

struct InputFile {
  std::string path;
  // Found in a directory that was named: it need not be a history.
  bool from_directory = false;
  // Why it cannot be looked at: a directory that cannot be read, or has no
  // files.
  absl::Status status;
};

// The files of `paths` in this order; those of a directory and of all below it
// in the order of their paths, without hidden ones.
std::vector<InputFile> ExpandPaths(std::span<const std::string> paths);

}  // namespace minos::cli

#endif  // MINOS_CLI_INPUT_FILES_H_
