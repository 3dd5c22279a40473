// What the program tells its caller; scripts depend on the numbers.

#ifndef MINOS_CLI_EXIT_CODE_H_
#define MINOS_CLI_EXIT_CODE_H_

#include "report/result.h"

namespace minos::cli {

enum class ExitCode : int {
  kValid = 0,
  kViolation = 1,
  kError = 2,  // wrong usage, bad input, or an internal error
  kUnknown = 3,
  kInterrupted = 130,
};

constexpr ExitCode ExitCodeOf(report::Finding finding) {
  switch (finding) {
    case report::Finding::kValid:
      return ExitCode::kValid;
    case report::Finding::kUnknown:
      return ExitCode::kUnknown;
    case report::Finding::kError:
      return ExitCode::kError;
    case report::Finding::kViolation:
      return ExitCode::kViolation;
  }
  return ExitCode::kError;
}

}  // namespace minos::cli

#endif  // MINOS_CLI_EXIT_CODE_H_
