// What was found about one file, as every format takes it.

#ifndef MINOS_REPORT_RESULT_H_
#define MINOS_REPORT_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/problem.h"

namespace minos::report {

// The verdict on a file that may not even have been read. Later ones outrank
// earlier ones where several files are combined.
enum class Finding : uint8_t { kValid, kUnknown, kError, kViolation };

// "valid", "unknown", "error", "violation".
std::string_view ToString(Finding finding);

// The finding that a judged file has.
Finding FindingOf(checker::Verdict verdict);

// The one that outranks the other.
Finding Combine(Finding a, Finding b);

// Where a history that was made by driving a store comes from.
struct RunFacts {
  std::string target;
  uint64_t seed = 0;  // of the run that failed, or else of the last
  size_t runs = 0;
};

// One file and its verdict. The pointers are only looked at while a renderer's
// Add runs.
struct FileResult {
  std::string file;  // as the user named it; "-" is standard input
  // Its place among all files, where only a shard of them is judged.
  std::optional<size_t> number;
  Finding finding = Finding::kValid;
  // Null if the file could not be read.
  const history::History* history = nullptr;
  // Set if the history was made by a run.
  std::optional<RunFacts> run;
  std::string input_format;  // "edn", …; empty if it could not be read
  // Null if the file was not judged; REQUIRES: else `history` is not null.
  const checker::HistoryVerdict* verdict = nullptr;
  // Why the file was not judged: one line, with its position where there is
  // one; and what to do about it. Empty if it was judged.
  std::string error;
  std::string hint;
  // What was wrong with the recording, in the order of the file.
  std::vector<history::Problem> problems;
  size_t problem_count = 0;  // more than are kept, if there are very many
};

// How many files got each finding.
struct Tally {
  size_t valid = 0;
  size_t unknown = 0;
  size_t error = 0;
  size_t violation = 0;

  // Counts one more file.
  void Count(Finding finding);
  size_t total() const { return valid + unknown + error + violation; }
  // The finding that outranks the others; valid if nothing was counted.
  Finding worst() const;
};

}  // namespace minos::report

#endif  // MINOS_REPORT_RESULT_H_
