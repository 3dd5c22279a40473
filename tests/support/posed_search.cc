#include "tests/support/posed_search.h"

#include <algorithm>

#include "checker/configuration.h"
#include "checker/intervals.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "history/operation.h"

namespace minos::testing {

PosedSearch::PosedSearch(const PlainHistory& plain)
    : recorded(ToHistory(plain)) {
  const history::History& history = recorded.first;
  const auto* info = *checker::FindModel(plain.type);
  const auto partitioning =
      checker::SplitByKey(history, *info, checker::KeyChoice::kNone);
  model = *info->make(history.values(), recorded.second);
  std::vector<history::OpIndex> operations;
  if (!partitioning->partitions.empty()) {
    operations = partitioning->partitions.front().operations;
  }
  intervals = *checker::MakeIntervals(history, partitioning->keying, operations,
                                      *model);
  model->Settle();
  timeline = std::make_unique<checker::Timeline>(intervals, *model);
  footprints = std::make_unique<checker::Footprints>(*timeline, *model);
}

checker::SearchProblem PosedSearch::ToEnd() {
  return {*timeline, *model, budget,
          static_cast<uint32_t>(timeline->event_count()), footprints.get()};
}

std::vector<uint32_t> PathOf(const checker::Timeline& timeline,
                             std::span<const history::OpIndex> order) {
  std::vector<uint32_t> path;
  for (const history::OpIndex op : order) {
    for (uint32_t i = 0; i < timeline.operations().size(); ++i) {
      if (timeline.operations()[i].operation == op) path.push_back(i);
    }
    for (uint32_t kind = 0; kind < timeline.crashes().size(); ++kind) {
      const auto& crashed = timeline.crashes()[kind].operations;
      if (std::find(crashed.begin(), crashed.end(), op) != crashed.end()) {
        path.push_back(checker::kCrashBit | kind);
      }
    }
  }
  return path;
}

}  // namespace minos::testing
