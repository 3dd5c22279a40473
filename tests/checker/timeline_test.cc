// The order of the events does not depend on how far apart they are.

#include "checker/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "checker/model_registry.h"
#include "history/value_table.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::ActionId;
using checker::Interval;
using checker::Timeline;
using checker::TimelineEvent;
using history::kNever;
using history::Position;

// Writes and reads of a register at positions that are `gap` apart.
std::vector<Interval> Intervals(TestRandom& random, size_t count, Position gap,
                                const std::vector<ActionId>& actions) {
  std::vector<Position> positions(count * 2);
  std::iota(positions.begin(), positions.end(), Position{0});
  for (size_t i = positions.size(); i > 1; --i) {
    std::swap(positions[i - 1], positions[random.Below(i)]);
  }
  std::vector<Interval> intervals;
  for (size_t i = 0; i < count; ++i) {
    const auto [call, end] =
        std::minmax(positions[2 * i], positions[2 * i + 1]);
    const bool is_info = random.Below(5) == 0;
    intervals.push_back({static_cast<history::OpIndex>(i), call * gap,
                         is_info ? kNever : end * gap,
                         actions[random.Below(actions.size())]});
  }
  std::sort(
      intervals.begin(), intervals.end(),
      [](const Interval& a, const Interval& b) { return a.call < b.call; });
  return intervals;
}

std::vector<std::pair<int, uint32_t>> EventsOf(const Timeline& timeline) {
  std::vector<std::pair<int, uint32_t>> events;
  for (size_t i = 0; i < timeline.event_count(); ++i) {
    const TimelineEvent event = timeline.event(i);
    events.emplace_back(static_cast<int>(event.type), event.subject);
  }
  return events;
}

TEST(TimelineTest, TheOrderOfTheEventsIsThatOfTheirPositions) {
  history::ValueTable values;
  const auto model =
      (*checker::FindModel("register"))->make(values, history::kNoValue);
  ASSERT_TRUE(model.ok());
  std::vector<ActionId> actions;
  for (int value = 0; value < 3; ++value) {
    for (const char* function : {"write", "read"}) {
      checker::Call call;
      call.function = values.String(function);
      call.argument = values.Integer(value);
      call.result = values.Integer(value);
      call.is_ok = true;
      actions.push_back(*(*model)->Intern(call));
    }
  }
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    const size_t count = 1 + seed % 20;
    TestRandom random(seed);
    const Timeline close(Intervals(random, count, 1, actions), **model);
    TestRandom again(seed);
    const Timeline apart(Intervals(again, count, 100, actions), **model);
    ASSERT_EQ(EventsOf(close), EventsOf(apart)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace minos::testing
