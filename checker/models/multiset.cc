// A multiset: each element may be there several times.
//
//   add x        x is there once more
//   remove x     x is there once less, if it was there
//   count x      → how often x is there
//   contains x   → true or false
//   read         → all elements as a list, each as often as it is there
//
// An ok remove may say by its result, true or false, whether x was there; every
// other result is ignored. A state is a MapTable map from the elements to how
// often they are there, so that a read is one comparison.
//
// What can be dropped of info operations.
//  - An add of x, if nothing observes that x is there: no read with x, no count
//    above 0, no contains or remove → true. Leave it out: there is never more
//    of x than before, and what says that there is none fits as before.
//  - A remove of x, if nothing observes that x is not there or how often it is:
//    no read, no count of x, no contains or remove → false. Leave it out: there
//    is never less of x than before.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/models/map_table.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::kTrue;
using history::ValueId;

enum Function : uint8_t { kRead, kAdd, kRemove, kCount, kContains };

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "nil", "all elements, as a list", "reads the multiset",
     Takes::kNothing},
    {"add, insert", "the element", "ignored", "puts one in", Takes::kValue},
    {"remove, delete", "the element",
     "true or false: whether it was there; else ignored", "takes one out",
     Takes::kValue},
    {"count", "the element", "an integer", "tells how often it is there",
     Takes::kValue},
    {"contains, member, has", "the element", "true or false",
     "tells whether it is there", Takes::kValue},
};

class MultisetModel : public ModelBase {
 public:
  MultisetModel(const history::ValueTable& values,
                std::span<const ValueId> initial)
      : ModelBase(values, "multiset", kFunctions),
        initial_(bags_.Count(initial)) {
    added_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kRead || a.function == kCount ||
           a.function == kContains || a.result == kFalse;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kAdd) return !seen_present_.contains(a.argument);
    if (a.function == kRemove) {
      return !is_read_ && !seen_few_.contains(a.argument);
    }
    return true;
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.result == kNoValue) return false;
    if (a.function != kRead) {
      return SaysPresent(a) && !added_.contains(a.argument);
    }
    for (const ValueId x : ElementsOf(a.result)) {
      if (!added_.contains(x)) return true;
    }
    return false;
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.function == kRead) {
      if (a.result == kNoValue || read_bags_[id] == state) {
        successors.push_back(state);
      }
      return;
    }
    cache_.Follow(state, id, successors, [&] { return Apply(state, a); });
  }

  std::string DescribeState(StateId state) const override {
    const std::vector<ValueId> elements = bags_.Elements(state);
    return elements.empty() ? "the multiset is empty"
                            : "the multiset is " + TextOf(elements, "{}");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kRead) {
      return "it read " + TextOf(ElementsOf(a.result), "{}") + ", but " +
             DescribeState(state);
    }
    const std::string x = Text(a.argument);
    const uint32_t count = bags_.Get(state, a.argument);
    if (a.function == kCount) {
      return absl::StrCat("it counted ", Text(a.result), " of ", x,
                          ", but there were ", count);
    }
    return "it said that " + x + (SaysPresent(a) ? " was" : " was not") +
           " there, but it was" + (count == 0 ? " not" : "");
  }

 protected:
  absl::Status Normalize(Action& a) override {
    const bool is_bool = a.result == kTrue || a.result == kFalse;
    switch (a.function) {
      case kRead:
        a.argument = kNil;
        if (a.result == kNoValue || a.result == kNil ||
            IsCollection(a.result)) {
          return absl::OkStatus();
        }
        return BadResult(a, "a list of the elements");
      case kCount:
        if (a.result == kNoValue ||
            (IsInteger(a.result) && values().integer(a.result) >= 0)) {
          return absl::OkStatus();
        }
        return BadResult(a, "an integer, not below 0");
      case kContains:
        if (a.result == kNoValue || is_bool) return absl::OkStatus();
        return BadResult(a, "true or false");
      default:
        if (a.function == kAdd || !is_bool || a.result == a.argument) {
          a.result = kNoValue;
        }
        return absl::OkStatus();
    }
  }

  void OnNewAction(ActionId id, const Action& a) override {
    read_bags_.resize(id + 1, kEmptyMap);
    if (a.function == kAdd) added_.insert(a.argument);
    if (a.result == kNoValue) return;
    if (a.function == kRead) {
      const std::span<const ValueId> elements = ElementsOf(a.result);
      is_read_ = true;
      read_bags_[id] = bags_.Count(elements);
      seen_present_.insert(elements.begin(), elements.end());
      return;
    }
    if (SaysPresent(a)) seen_present_.insert(a.argument);
    if (!SaysPresent(a) || a.function == kCount) seen_few_.insert(a.argument);
  }

  size_t StateBytes() const override {
    return bags_.MemoryBytes() + cache_.MemoryBytes() +
           read_bags_.capacity() * sizeof(MapId) +
           (added_.capacity() + seen_present_.capacity() +
            seen_few_.capacity()) *
               (sizeof(ValueId) + 1);
  }

 private:
  // Of a remove, count or contains with a known result: whether it says that
  // its element is there.
  bool SaysPresent(const Action& a) const {
    if (a.function != kCount) return a.result == kTrue;
    return values().integer(a.result) > 0;
  }

  StateId Apply(StateId state, const Action& a) {
    const uint32_t count = bags_.Get(state, a.argument);
    if (a.result != kNoValue) {
      const bool fits = a.function == kCount
                            ? values().integer(a.result) == int64_t{count}
                            : SaysPresent(a) == (count > 0);
      if (!fits) return StepCache::kRefused;
    }
    if (a.function == kAdd) return bags_.Put(state, a.argument, count + 1);
    if (a.function != kRemove || count == 0) return state;
    return bags_.Put(state, a.argument, count - 1);
  }

  MapTable bags_;
  MapId initial_;
  std::vector<MapId> read_bags_;  // by action: what an ok read returned
  StepCache cache_;
  absl::flat_hash_set<ValueId> added_;
  absl::flat_hash_set<ValueId> seen_present_;
  absl::flat_hash_set<ValueId> seen_few_;
  bool is_read_ = false;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial,
      "the initial value of a multiset is a list of its elements",
      /*may_be_set=*/true);
  if (!elements.ok()) return elements.status();
  return std::make_unique<MultisetModel>(values, *elements);
}

}  // namespace

ModelInfo MultisetInfo() {
  return {.name = "multiset",
          .summary = "a set in which an element may be several times",
          .functions = kFunctions,
          .initial = "the elements at the start as a list; none by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
