#include "checker/strong_eventual.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
#include "checker/disagreement.h"
#include "checker/partition.h"
#include "checker/reads_from.h"

namespace minos::checker {

using history::History;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueId;
using history::ValueKind;

namespace {

// The version recorded with a read, or that of the pair that a counter
// returned; kNoValue if there is none.
ValueId RecordedVersion(const SessionHistory& steps, Step step) {
  const History& history = *steps.history;
  const OpIndex op = steps.operations[step];
  const ValueId version = history.Extra(op, "version");
  if (version != kNoValue || steps.observation != Observation::kCounter) {
    return version;
  }
  const ValueId result = CallOf(history, steps.keying, op).result;
  if (!IsIntegerPair(history.values(), result)) return kNoValue;
  // A pair with the argument in front has the sum that was read behind.
  const auto parts = history.values().elements(result);
  return parts[0] == steps.values[step] ? parts[1] : kNoValue;
}

Violation SameUpdatesDiffer(const SessionHistory& steps, Step a, Step b) {
  return Disagreement(
      steps, "same-updates-differ", a, b,
      absl::StrCat(StepText(steps, a), " and ", StepText(steps, b),
                   " saw the same updates and differ"),
      absl::StrCat(ReturnedText(steps, a, b), "."));
}

// The lists of a key with the same elements, in any order. Were each element
// appended once, such lists show the same updates and have to be equal. An
// element that was appended more often leaves a choice, and different lists
// need different ones. What a read may choose from are the appends that were
// called before it returned; so of equal lists the first to return has the
// fewest choices, and every other read has all of these. Then there are
// choices enough if, the fewest first, the i-th list has i of them (Hall).
class ListsOfSameElements {
 public:
  explicit ListsOfSameElements(const SessionHistory& steps) : steps_(steps) {}

  void Add(Step read) {
    std::vector<Step>& lists =
        lists_[{steps_.keys[read], SortedElements(steps_, read)}];
    for (Step& first : lists) {
      if (steps_.values[first] != steps_.values[read]) continue;
      if (steps_.end(read) < steps_.end(first)) first = read;
      return;
    }
    lists.push_back(read);
  }

  void Judge(ModelOutcome& outcome) {
    for (const auto& [what, lists] : lists_) {
      if (lists.size() < 2) continue;
      const size_t initial = SizeOf(steps_.initial);
      std::vector<std::pair<size_t, Step>> choices;
      for (const Step read : lists) {
        choices.emplace_back(Choices(read, initial, lists.size()), read);
      }
      std::sort(choices.begin(), choices.end());
      size_t taken = 0;
      for (const auto& [count, read] : choices) {
        if (count > taken) {
          ++taken;
        } else {
          AddViolation(outcome, SameUpdatesDiffer(
                                    steps_, std::min(choices[0].second, read),
                                    std::max(choices[0].second, read)));
        }
      }
    }
  }

 private:
  size_t SizeOf(ValueId value) const {
    const history::ValueTable& values = steps_.history->values();
    const bool is_list =
        value != kNoValue && values.kind(value) == ValueKind::kList;
    return is_list ? values.elements(value).size() : 0;
  }

  // How many sets of appends `read` may show, but at most `most`. It starts
  // with `initial` elements that nobody appended.
  size_t Choices(Step read, size_t initial, size_t most) {
    const ValueId value = steps_.values[read];
    if (SizeOf(value) <= initial) return 1;
    const auto elements = steps_.history->values().elements(value);
    std::map<ValueId, size_t> shown;
    for (const ValueId element : elements.subspan(initial)) ++shown[element];
    size_t choices = 1;
    for (const auto& [element, times] : shown) {
      const size_t appends = AppendsBefore(read, element);
      size_t ways = 1;
      for (size_t i = 1; i <= times && times < appends && ways < most; ++i) {
        ways = ways * (appends - times + i) / i;
      }
      choices = std::min(most, choices * std::min(most, ways));
    }
    return choices;
  }

  size_t AppendsBefore(Step read, ValueId element) {
    if (calls_.empty()) FindCalls();
    const std::vector<Position>& calls = calls_[{steps_.keys[read], element}];
    return static_cast<size_t>(std::partition_point(calls.begin(), calls.end(),
                                                    [&](Position call) {
                                                      return call <
                                                             steps_.end(read);
                                                    }) -
                               calls.begin());
  }

  void FindCalls() {
    for (Step step = 0; step < steps_.size(); ++step) {
      if (steps_.IsRead(step)) continue;
      calls_[{steps_.keys[step], steps_.values[step]}].push_back(
          steps_.call(step));
    }
    for (auto& [what, calls] : calls_) std::sort(calls.begin(), calls.end());
  }

  const SessionHistory& steps_;
  // By key and elements: a read for each different list, the first to return.
  std::map<std::pair<uint32_t, std::vector<ValueId>>, std::vector<Step>> lists_;
  // By key and element: when it was appended.
  std::map<std::pair<uint32_t, ValueId>, std::vector<Position>> calls_;
};

}  // namespace

ModelOutcome JudgeStrongEventual(const SessionHistory& steps) {
  ModelOutcome outcome;
  bool is_told = steps.observation == Observation::kCounter;
  std::map<std::pair<uint32_t, ValueId>, Step> of_version;
  ListsOfSameElements lists(steps);
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step)) continue;
    const ValueId version = RecordedVersion(steps, step);
    if (version != kNoValue) {
      is_told = true;
      const Step other =
          of_version.try_emplace({steps.keys[step], version}, step)
              .first->second;
      if (!ReturnedTheSame(steps, other, step)) {
        AddViolation(outcome, SameUpdatesDiffer(steps, other, step));
      }
    } else if (steps.observation == Observation::kList) {
      is_told = true;
      lists.Add(step);
    } else if (steps.observation == Observation::kSet) {
      is_told = true;  // equal sets are the same
    }
  }
  lists.Judge(outcome);
  if (!is_told) {
    return UnknownOutcome(
        {UnknownReason::kUnsupported,
         "no read of this history tells which updates it saw",
         "record a `version` with each read, or use sets or lists"});
  }
  return outcome;
}

}  // namespace minos::checker
