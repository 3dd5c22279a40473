// Running the program as a user does.

#ifndef MINOS_TESTS_SUPPORT_RUN_PROGRAM_H_
#define MINOS_TESTS_SUPPORT_RUN_PROGRAM_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace minos::testing {

struct ProgramRun {
  std::string out;
  std::string err;
  int exit_code = -1;  // -1 if a signal ended it
  int signal = 0;
  size_t peak_bytes = 0;  // of memory that was resident
  std::chrono::milliseconds elapsed{0};
};

struct ProgramInput {
  std::string text;  // of standard input
  // NAME=VALUE, added to an environment without NO_COLOR and MINOS_*.
  std::vector<std::string> environment;
  // When to send SIGINT; never if 0.
  std::chrono::milliseconds interrupt_after{0};
  // Closes the reading end of standard output before anything is written.
  bool closes_output = false;
};

// Runs `program` with `arguments` to its end.
ProgramRun RunProgram(const std::string& program,
                      const std::vector<std::string>& arguments,
                      const ProgramInput& input = {});

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_RUN_PROGRAM_H_
