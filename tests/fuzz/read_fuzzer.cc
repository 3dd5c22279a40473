#include "tests/fuzz/read_fuzzer.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/problem.h"
#include "history/read.h"
#include "history/validate.h"
#include "history/write.h"
#include "tests/support/recordings.h"

namespace minos::testing {
namespace {

using history::Format;
using history::Recording;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

Recording Read(std::string_view text, Format format, size_t piece) {
  TextSource source(text, piece);
  history::ReadOptions options;
  options.format = format;
  absl::StatusOr<Recording> recording =
      history::ReadHistory(source, "fuzz", options);
  Require(recording.ok(), "a text in memory can always be read");
  return *std::move(recording);
}

std::string Text(const std::vector<history::Problem>& problems) {
  std::string text;
  for (const history::Problem& problem : problems) {
    absl::StrAppend(&text, problem.position.line, ":", problem.position.column,
                    " ", problem.message, "\n");
  }
  return text;
}

std::string Write(const Recording& recording, Format format) {
  std::string text;
  const absl::Status status = history::WriteHistory(recording.history, format,
                                                    [&](std::string_view part) {
                                                      text.append(part);
                                                      return absl::OkStatus();
                                                    });
  Require(status.ok(), "every history can be written");
  return text;
}

}  // namespace

void CheckReading(const uint8_t* data, size_t size, Format format) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Recording recording = Read(text, format, size_t{1} << 16);
  const Recording other = Read(text, format, 1 + size % 9);
  Require(Text(other.problems) == Text(recording.problems),
          "pieces make no difference to problems");
  Require(Write(other, Format::kEdn) == Write(recording, Format::kEdn),
          "pieces make no difference to operations");
  Validate(recording);
  if (recording.has_errors || recording.history.size() == 0) return;
  const std::string written = Write(recording, Format::kEdn);
  const Recording again = Read(written, Format::kEdn, size_t{1} << 16);
  Require(!again.has_errors, "what was written reads without errors");
  Require(again.history.size() == recording.history.size(),
          "what was written has as many operations");
  const std::string twice = Write(again, Format::kEdn);
  const Recording third = Read(twice, Format::kEdn, size_t{1} << 16);
  Require(Write(third, Format::kEdn).size() == twice.size(),
          "writing again changes nothing");
}

}  // namespace minos::testing
