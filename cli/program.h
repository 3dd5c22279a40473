// The program as a function.

#ifndef MINOS_CLI_PROGRAM_H_
#define MINOS_CLI_PROGRAM_H_

namespace minos::cli {

// Parses the command line, runs the subcommand and returns the exit code, which
// is always one of ExitCode. Never throws.
int RunProgram(int argc, char** argv);

}  // namespace minos::cli

#endif  // MINOS_CLI_PROGRAM_H_
