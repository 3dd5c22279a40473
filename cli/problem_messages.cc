#include "cli/problem_messages.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using history::Problem;
using history::Severity;

constexpr size_t kMostErrors = 3;

}  // namespace

std::string ProblemText(std::string_view file, const Problem& problem) {
  std::string text = report::Printable(InputName(std::string(file)));
  if (problem.position.line > 0) {
    absl::StrAppend(&text, ":", problem.position.line);
    if (problem.position.column > 0) {
      absl::StrAppend(&text, ":", problem.position.column);
    }
  }
  absl::StrAppend(
      &text, problem.severity == Severity::kError ? ": error: " : ": warning: ",
      report::Printable(problem.message), " [", problem.code, "]\n");
  if (!problem.hint.empty()) {
    absl::StrAppend(&text, "  ", report::Printable(problem.hint), "\n");
  }
  return text;
}

void PrintErrors(const report::FileResult& result) {
  if (result.error.empty()) return;
  std::string text;
  size_t printed = 0;
  for (const Problem& problem : result.problems) {
    if (problem.severity != Severity::kError) continue;
    if (printed++ == kMostErrors) {
      text.append("  … and more; `minos validate` lists them all\n");
      break;
    }
    text.append(ProblemText(result.file, problem));
  }
  if (printed == 0) {
    text = report::Printable(
        absl::StrCat(InputName(result.file), ": error: ", result.error));
    text.append("\n");
  }
  PrintError(text);
}

}  // namespace minos::cli
