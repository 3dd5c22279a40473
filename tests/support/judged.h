// A history with its verdict, as reports take it.

#ifndef MINOS_TESTS_SUPPORT_JUDGED_H_
#define MINOS_TESTS_SUPPORT_JUDGED_H_

#include <string>
#include <utility>

#include "checker/check.h"
#include "history/history.h"
#include "report/result.h"

namespace minos::testing {

// Owns what a FileResult points to.
struct Judged {
  history::History history;
  checker::HistoryVerdict verdict;

  report::FileResult Result(const std::string& file) const {
    report::FileResult result;
    result.file = file;
    result.finding = report::FindingOf(verdict.verdict);
    result.history = &history;
    result.input_format = "test";
    result.verdict = &verdict;
    return result;
  }
};

// REQUIRES: `history` can be judged so.
inline Judged Judge(history::History history,
                    const checker::CheckOptions& options = {}) {
  checker::HistoryVerdict verdict = *checker::CheckHistory(history, options);
  return {std::move(history), std::move(verdict)};
}

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_JUDGED_H_
