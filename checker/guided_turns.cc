// Whether a run of the guided search finds its way, and how soon, is luck; most
// that do have entered few configurations, and some that do not enter many. So
// it is better to begin again than to go on (Luby, Sinclair & Zuckerman,
// "Optimal speedup of Las Vegas algorithms", IPL 47, 1993). The first runs are
// cut short; each turn has several times as many, with a little more patience
// each. Runs need nothing of each other, so threads that nobody else wants make
// the next ones ahead.

#include "checker/guided_turns.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/guided_search.h"
#include "checker/open_values.h"

namespace minos::checker {
namespace {

constexpr size_t kFirstRuns = 2;
constexpr size_t kRunsGrowth = 3;
// One variant in so many takes the windows as they are.
constexpr uint32_t kVariantsPerWide = 4;
constexpr uint32_t kWideVariant = 2;

}  // namespace

GuidedTurns::GuidedTurns(const SearchProblem& problem)
    : problem_(problem), runs_(kFirstRuns) {
  const OpenValues values(problem_);
  if (!values.is_applicable()) return;
  narrowing_.emplace(problem_, values);
  of_narrowing_.emplace(problem_.budget, narrowing_->MemoryBytes());
}

SearchResult GuidedTurns::Take(size_t patience, size_t bound) {
  SearchResult result;
  result.verdict = Verdict::kUnknown;
  if (!narrowing_) return result;
  const size_t most = std::min(patience, bound) / runs_;
  const auto is_last = [&](const Unconfirmed& found) {
    // What gave up by itself has tried all that it can.
    return IsDecided(found.result) || found.result.configurations < most;
  };
  std::vector<Unconfirmed> runs = MakeAttempts<Unconfirmed>(
      runs_, {.most = runs_ - 1}, problem_.budget,
      [&](size_t run, Turn& turn) {
        return Run(variant_ + static_cast<uint32_t>(run), most, turn);
      },
      is_last);
  size_t spent = 0;
  for (const Unconfirmed& run : runs) spent += run.result.configurations;
  variant_ += static_cast<uint32_t>(runs.size());
  runs_ *= kRunsGrowth;
  result = Confirm(problem_, std::move(runs.back()));
  result.configurations = std::min(spent, bound);
  return result;
}

Unconfirmed GuidedTurns::Run(uint32_t variant, size_t patience,
                             Turn& turn) const {
  const bool is_wide = variant % kVariantsPerWide == kWideVariant;
  return SearchGuided(is_wide ? problem_ : narrowing_->problem(), patience,
                      variant, turn);
}

}  // namespace minos::checker
