#include "tests/support/console_block.h"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "absl/strings/str_format.h"

namespace minos::testing {

namespace {

constexpr std::string_view kAnything = "…";
constexpr std::string_view kAskForCode = "echo $?";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Without white space at the end of each line, and empty lines at the end.
std::string Trimmed(std::string_view text) {
  std::string trimmed;
  for (std::string line : Lines(text)) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    trimmed += line + "\n";
  }
  trimmed.erase(trimmed.find_last_not_of('\n') + 1);
  return trimmed;
}

std::vector<std::string> SplitAtEllipses(const std::string& text) {
  std::vector<std::string> pieces;
  size_t begin = 0;
  for (size_t at; (at = text.find(kAnything, begin)) != std::string::npos;
       begin = at + kAnything.size()) {
    pieces.push_back(text.substr(begin, at - begin));
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

// Leaves in `directory` a link to each entry of `source_dir`, and the script
// that runs the steps: step i writes i.out and i.code.
void PrepareSession(const std::vector<ConsoleStep>& steps,
                    const std::filesystem::path& directory,
                    const std::filesystem::path& source_dir,
                    const std::filesystem::path& program) {
  std::filesystem::create_directory(directory / "log");
  for (const auto& entry : std::filesystem::directory_iterator(source_dir)) {
    const std::filesystem::path name = entry.path().filename();
    if (name != "build" && name != ".git") {
      std::filesystem::create_symlink(entry.path(), directory / name);
    }
  }
  std::ofstream script(directory / "log" / "session");
  script << absl::StreamFormat(
      "cd '%s' || exit\nexport PATH='%s':\"$PATH\" NO_COLOR=1\ncode=0\n",
      directory.string(), program.parent_path().string());
  for (size_t i = 0; i < steps.size(); ++i) {
    script << absl::StreamFormat(
        "(exit $code)\n{ %s\n} >log/%d.out 2>&1 </dev/null\n"
        "code=$?; echo $code >log/%d.code\n",
        steps[i].command, i, i);
  }
}

// Adds to `failures` what differs between a step and what it did.
void Compare(const ConsoleStep& step, bool code_is_shown,
             const std::string& code, const std::string& output,
             std::vector<std::string>& failures) {
  if (code != "0" && !code_is_shown) {
    failures.push_back(absl::StrFormat("line %d: `%s` exits with %s:\n%s",
                                       step.line, step.command, code, output));
  }
  if (!step.expected_output.empty() &&
      !MatchesText(step.expected_output, output)) {
    failures.push_back(absl::StrFormat("line %d: `%s` prints\n%sinstead of\n%s",
                                       step.line, step.command, output,
                                       step.expected_output));
  }
}

}  // namespace

void PrintTo(const FencedBlock& block, std::ostream* out) {
  *out << std::filesystem::path(block.file).filename().string() << ":"
       << block.line;
}

std::vector<FencedBlock> ReadFencedBlocks(const std::string& file) {
  std::vector<FencedBlock> blocks;
  bool is_open = false;
  int line_number = 0;
  for (const std::string& line : Lines(ReadFile(file))) {
    ++line_number;
    if (line.starts_with("```")) {
      is_open = !is_open;
      if (is_open) blocks.push_back({file, line_number, line.substr(3), ""});
    } else if (is_open) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

std::vector<ConsoleStep> ParseConsole(const FencedBlock& block) {
  std::vector<ConsoleStep> steps;
  int line_number = block.line;
  bool goes_on = false;
  for (const std::string& line : Lines(block.text)) {
    ++line_number;
    if (goes_on) {
      steps.back().command += "\n" + line;
    } else if (line.starts_with("$ ")) {
      steps.push_back({line_number, line.substr(2), ""});
    } else if (!steps.empty()) {
      steps.back().expected_output += line + "\n";
      continue;
    }
    goes_on = line.ends_with("\\");
  }
  return steps;
}

bool MatchesText(std::string_view expected, std::string_view actual) {
  const std::vector<std::string> pieces = SplitAtEllipses(Trimmed(expected));
  const std::string text = Trimmed(actual);
  if (pieces.size() == 1) return text == pieces.front();
  if (!text.starts_with(pieces.front())) return false;
  size_t position = pieces.front().size();
  for (size_t i = 1; i + 1 < pieces.size(); ++i) {
    const size_t found = text.find(pieces[i], position);
    if (found == std::string::npos) return false;
    position = found + pieces[i].size();
  }
  return text.size() >= position + pieces.back().size() &&
         text.ends_with(pieces.back());
}

std::vector<std::string> RunConsole(const std::vector<ConsoleStep>& steps,
                                    const std::string& source_dir,
                                    const std::string& program) {
  std::string directory =
      std::filesystem::temp_directory_path() / "minos_console_XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) {
    return {"cannot make the folder " + directory};
  }
  PrepareSession(steps, directory, source_dir, program);
  const std::filesystem::path log = std::filesystem::path(directory) / "log";
  const std::string command =
      absl::StrFormat("bash '%s/session'", log.string());
  std::vector<std::string> failures;
  if (std::system(command.c_str()) != 0) {
    failures.push_back("the session did not run to its end");
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool code_is_shown =
        i + 1 < steps.size() && steps[i + 1].command == kAskForCode;
    Compare(steps[i], code_is_shown,
            Trimmed(ReadFile(log / absl::StrFormat("%d.code", i))),
            ReadFile(log / absl::StrFormat("%d.out", i)), failures);
  }
  std::filesystem::remove_all(directory);
  return failures;
}

}  // namespace minos::testing
