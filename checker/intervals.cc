#include "checker/intervals.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace minos::checker {

absl::StatusOr<std::vector<Interval>> MakeIntervals(
    const history::History& history, Keying keying,
    const std::vector<history::OpIndex>& operations, SequentialModel& model,
    Budget* budget) {
  std::vector<Interval> intervals;
  intervals.reserve(operations.size());
  for (const history::OpIndex op : operations) {
    if (budget != nullptr && budget->Exhausted()) break;
    absl::StatusOr<ActionId> action = model.Intern(CallOf(history, keying, op));
    if (!action.ok()) {
      return absl::Status(
          action.status().code(),
          absl::StrCat(history.name(), ":", history.call_line(op), ": ",
                       action.status().message()));
    }
    intervals.push_back(
        {op, history.call(op), history.return_position(op), *action});
  }
  return intervals;
}

}  // namespace minos::checker
