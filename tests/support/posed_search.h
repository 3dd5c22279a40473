// A history as the strategies of the search want it.

#ifndef MINOS_TESTS_SUPPORT_POSED_SEARCH_H_
#define MINOS_TESTS_SUPPORT_POSED_SEARCH_H_

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/footprints.h"
#include "checker/search_strategies.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"
#include "checker/wgl.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"
#include "tests/support/plain_history.h"

namespace minos::testing {

// All that a search needs of a history. Where its initial value is nil, nobody
// says what it is.
struct PosedSearch {
  explicit PosedSearch(const PlainHistory& plain);

  // The search of all of it; not longer than this lives.
  checker::SearchProblem ToEnd();

  std::pair<history::History, history::ValueId> recorded;
  std::unique_ptr<checker::SequentialModel> model;
  std::vector<checker::Interval> intervals;
  std::unique_ptr<checker::Timeline> timeline;
  std::unique_ptr<checker::Footprints> footprints;
  checker::Budget budget{{}};
};

// `order` as the path of a search in `timeline`.
std::vector<uint32_t> PathOf(const checker::Timeline& timeline,
                             std::span<const history::OpIndex> order);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_POSED_SEARCH_H_
