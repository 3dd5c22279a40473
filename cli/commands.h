// The subcommands, one file each.
//
// Each of these adds its subcommand to `app`; if that is the one which the user
// chose, parsing sets `chosen` to what it does.

#ifndef MINOS_CLI_COMMANDS_H_
#define MINOS_CLI_COMMANDS_H_

#include <functional>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace minos::cli {

using Command = std::function<ExitCode()>;

void AddCheckCommand(CLI::App& app, Command& chosen);
void AddVerifyCommand(CLI::App& app, Command& chosen);
void AddValidateCommand(CLI::App& app, Command& chosen);
void AddConvertCommand(CLI::App& app, Command& chosen);
void AddRunCommand(CLI::App& app, Command& chosen);
void AddFuzzCommand(CLI::App& app, Command& chosen);
void AddReplayCommand(CLI::App& app, Command& chosen);
void AddMatrixCommand(CLI::App& app, Command& chosen);
void AddMergeCommand(CLI::App& app, Command& chosen);
void AddGenerateCommand(CLI::App& app, Command& chosen);
void AddStatsCommand(CLI::App& app, Command& chosen);
void AddListCommand(CLI::App& app, Command& chosen);

}  // namespace minos::cli

#endif  // MINOS_CLI_COMMANDS_H_
