#include "tests/support/recordings.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "history/operation.h"
#include "history/value_text.h"

namespace minos::testing {

using history::History;
using history::kNever;
using history::kNoTime;
using history::kNoValue;
using history::Operation;
using history::Outcome;
using history::Problem;
using history::ReadOptions;
using history::Recording;
using history::Severity;
using history::ValueId;

Recording ReadText(std::string_view text, const ReadOptions& options) {
  TextSource source(text);
  absl::StatusOr<Recording> recording = ReadHistory(source, "test", options);
  EXPECT_TRUE(recording.ok()) << recording.status();
  return recording.ok() ? *std::move(recording) : Recording();
}

std::string ToText(const Problem& problem) {
  return absl::StrCat(
      problem.severity == Severity::kError ? "error " : "warning ",
      problem.position.line, ":", problem.position.column, " ", problem.code,
      ": ", problem.message);
}

std::string ToText(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    absl::StrAppend(&text, ToText(problem), "\n");
  }
  return text;
}

std::string ToText(const History& history) {
  std::string text;
  const auto edn = [&](ValueId value) {
    std::string out;
    if (value == kNoValue) return std::string("?");
    AppendEdn(history.values(), value, out);
    return out;
  };
  const auto append = [&](std::string_view label, ValueId value) {
    if (value == kNoValue) return;
    absl::StrAppend(&text, " ", std::string(label), "=", edn(value));
  };
  for (history::OpIndex i = 0; i < history.size(); ++i) {
    const Operation op = history.operation(i);
    absl::StrAppend(&text, edn(op.process), " ", edn(op.function), " ",
                    edn(op.argument), " -> ");
    const char* const outcome = op.outcome == Outcome::kOk     ? "ok"
                                : op.outcome == Outcome::kFail ? "fail"
                                                               : "info";
    absl::StrAppend(&text, outcome);
    append("result", op.result);
    append("key", op.key);
    append("session", op.session);
    append("node", op.node);
    append("call-extras", op.call_extras);
    append("extras", op.completion_extras);
    append("completion", op.completion_value);
    absl::StrAppend(&text, " [", op.call, ",",
                    op.completion == kNever ? "-" : absl::StrCat(op.completion),
                    "]");
    if (op.call_time != kNoTime || op.completion_time != kNoTime) {
      absl::StrAppend(&text, " @", op.call_time, "..", op.completion_time);
    }
    if (!op.is_client) absl::StrAppend(&text, " fault");
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace minos::testing
