#include "cli/program.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "history/nearest_name.h"

namespace minos::cli {
namespace {

constexpr std::string_view kFooter = R"(Examples:
  minos check history.edn                     judge a recorded history
  minos check --model cas-register runs/      judge all histories below runs/
  minos check --format json - < history.edn   for a program to read
  minos verify history.edn proof.json         replay what proves it valid
  minos validate history.edn                  say all that is wrong with a file
  minos convert history.edn --to jsonl        write it in another format
  minos run raft --seed 7                     drive a bundled store, and judge
  minos fuzz raft --runs 1000                  look for broken promises
  minos generate queue --ops 1000             make a history to try things on
  minos stats history.edn                     how fast and how stale it was
  minos list models                           what minos can judge

`minos COMMAND --help` says more. Exit codes: 0 valid, 1 violation, 2 error,
3 unknown, 130 interrupted.)";

void SetUp(CLI::App& app, Command& chosen) {
  app.set_version_flag("--version", "minos " MINOS_VERSION,
                       "Print the version and exit");
  app.get_formatter()->column_width(34);
  app.require_subcommand(1);
  app.footer(std::string(kFooter));
  AddCheckCommand(app, chosen);
  AddVerifyCommand(app, chosen);
  AddValidateCommand(app, chosen);
  AddConvertCommand(app, chosen);
  AddRunCommand(app, chosen);
  AddFuzzCommand(app, chosen);
  AddReplayCommand(app, chosen);
  AddMatrixCommand(app, chosen);
  AddMergeCommand(app, chosen);
  AddGenerateCommand(app, chosen);
  AddStatsCommand(app, chosen);
  AddListCommand(app, chosen);
}

std::vector<std::string> SubcommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> FlagNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::string DidYouMean(std::string_view name,
                       const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return absl::StrCat("; did you mean `",
                      std::string(history::NearestName(name, views)), "`?");
}

// The subcommand that was parsed, or the program.
CLI::App& Innermost(CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.front();
}

// What was wrong with the command line, in a line or two.
std::string UsageMessage(CLI::App& app, const CLI::ParseError& error) {
  CLI::App& command = Innermost(app);
  std::string message = error.what();
  const std::vector<std::string> extras = command.remaining();
  if (!extras.empty() && extras.front().starts_with("-")) {
    const std::string flag = extras.front().substr(0, extras.front().find('='));
    message = absl::StrCat("there is no flag `", flag, "`",
                           DidYouMean(flag, FlagNames(command)));
  } else if (!extras.empty()) {
    message = absl::StrCat("nothing is to be done with `", extras.front(), "`");
  }
  const std::string name =
      &command == &app ? "minos" : "minos " + command.get_name();
  return absl::StrCat(message, "\n       `", name, " --help` shows the flags");
}

// A name in place of a subcommand that is none; empty if there is none.
std::string UnknownSubcommand(const CLI::App& app, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with('-')) continue;
    const std::vector<std::string> known = SubcommandNames(app);
    if (std::find(known.begin(), known.end(), word) != known.end()) return "";
    return absl::StrCat("there is no command `", std::string(word), "`",
                        DidYouMean(word, known),
                        "\n       `minos --help` lists the commands");
  }
  return "";
}

ExitCode ParseAndRun(int argc, char** argv) {
  Command chosen;
  CLI::App app("minos judges what a data store did against what it promised.",
               "minos");
  SetUp(app, chosen);
  const std::string unknown = UnknownSubcommand(app, argc, argv);
  if (!unknown.empty()) {
    PrintMessage(unknown);
    return ExitCode::kError;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintResult(app.help());
  } catch (const CLI::CallForVersion& version) {
    return PrintResult(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    PrintMessage(UsageMessage(app, error));
    return ExitCode::kError;
  }
  return chosen();
}

}  // namespace

int RunProgram(int argc, char** argv) {
  // A reader that goes away is an error of writing, which is reported.
  signal(SIGPIPE, SIG_IGN);
  CatchInterrupts();
  KeepMemoryTight();
  try {
    return static_cast<int>(ParseAndRun(argc, argv));
  } catch (const std::exception& error) {
    PrintMessage(absl::StrCat("internal error: ", error.what()));
  } catch (...) {
    PrintMessage("internal error");
  }
  return static_cast<int>(ExitCode::kError);
}

}  // namespace minos::cli
