// Sets of values: `g-set`, which only grows, and `set`.
//
//   read          → all elements, as a list or a set; nil for none
//   add x         x is an element afterwards
//   remove x      x is no element afterwards                         (set only)
//   contains x    → true or false                                    (set only)
//
// In `set`, an ok add or remove may say by its result, true or false, whether
// it changed anything; every other result is ignored (also one that is the
// argument, as Jepsen's clients return it). A list that names an element twice
// is no set, and fits no state.
//
// A state is a MapTable map from the elements to 1, so that a read is one
// comparison.
//
// What can be dropped of info operations. Take a linearization with an info
// `add x` and leave it out: the states differ in x at most, and only until the
// next operation that adds or removes x. What could fit there only with x in
// the set observes the presence of x: a read with x in it, contains → true,
// remove → true, add → false. If the history has none of these for x, the add
// can go. An info `remove x` likewise, if nothing observes the absence of x: a
// read without x, contains → false, remove → false, add → true.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
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

enum Function : uint8_t { kRead, kAdd, kRemove, kContains };

constexpr FunctionInfo kReadInfo = {"read, r, get", "nil",
                                    "all elements, as a list or a set",
                                    "reads the set", Takes::kNothing};

constexpr FunctionInfo kGrowOnlyFunctions[] = {
    kReadInfo,
    {"add, insert", "the element", "ignored", "puts it into the set",
     Takes::kValue},
};

constexpr FunctionInfo kFunctions[] = {
    kReadInfo,
    {"add, insert", "the element",
     "true or false: whether it was new; else "
     "ignored",
     "puts it into the set", Takes::kValue},
    {"remove, delete", "the element",
     "true or false: whether it was there; "
     "else ignored",
     "takes it out of the set", Takes::kValue},
    {"contains, member, has", "the element", "true or false",
     "tells whether it is in the set", Takes::kValue},
};

// Stands for what no state is.
constexpr MapId kNoSet = 0xFFFFFFFFu;

class SetModel : public ModelBase {
 public:
  SetModel(const history::ValueTable& values, const ModelInfo& info,
           std::span<const ValueId> initial)
      : ModelBase(values, info.name, info.functions),
        tells_changes_(info.functions.size() > 2),
        initial_(sets_.Count(initial)),
        initial_elements_(initial.begin(), initial.end()) {
    added_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kRead || a.function == kContains || a.result == kFalse;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kAdd) {
      return ReadsWith(a.argument) == 0 && !seen_present_.contains(a.argument);
    }
    if (a.function == kRemove) {
      return ReadsWith(a.argument) == reads_ &&
             !seen_absent_.contains(a.argument);
    }
    return true;
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.result == kNoValue) return false;
    if (a.function != kRead) {
      return ObservesPresence(a) && !added_.contains(a.argument);
    }
    if (read_sets_[id] == kNoSet) return true;
    for (const ValueId x : ElementsOf(a.result)) {
      if (!added_.contains(x)) return true;
    }
    if (tells_changes_) return false;
    for (const ValueId x : initial_elements_) {
      if (sets_.Get(read_sets_[id], x) == 0) return true;
    }
    return false;
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.function == kRead) {
      if (a.result == kNoValue || read_sets_[id] == state) {
        successors.push_back(state);
      }
      return;
    }
    cache_.Follow(state, id, successors, [&] { return Apply(state, a); });
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> elements;
    for (const auto& [x, count] : sets_.Entries(state)) elements.push_back(x);
    return elements.empty() ? "the set is empty"
                            : "the set is " + TextOf(elements, "{}");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kRead) return DescribeRefusedRead(state, id);
    const std::string x = Text(a.argument);
    const std::string but =
        ObservesPresence(a) ? ", but it was not" : ", but it was";
    switch (a.function) {
      case kAdd:
        return "it said that " + x +
               (a.result == kTrue ? " was not in the set"
                                  : " was in the set before") +
               but;
      case kRemove:
        return "it said that " + x +
               (a.result == kTrue ? " was in the set before"
                                  : " was not in the set") +
               but;
      default:
        return "it said that " + x +
               (a.result == kTrue ? " is in the set" : " is not in the set") +
               but;
    }
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kRead) {
      a.argument = kNil;
      if (a.result == kNoValue || a.result == kNil || IsCollection(a.result)) {
        return absl::OkStatus();
      }
      return BadResult(a, "a list or a set of the elements");
    }
    const bool is_bool = a.result == kTrue || a.result == kFalse;
    if (a.function == kContains) {
      if (a.result == kNoValue || is_bool) return absl::OkStatus();
      return BadResult(a, "true or false");
    }
    if (!tells_changes_ || !is_bool || a.result == a.argument) {
      a.result = kNoValue;
    }
    return absl::OkStatus();
  }

  void OnNewAction(ActionId id, const Action& a) override {
    read_sets_.resize(id + 1, kNoSet);
    if (a.function == kAdd && a.result != kFalse) added_.insert(a.argument);
    if (a.result == kNoValue) return;
    if (a.function != kRead) {
      (ObservesPresence(a) ? seen_present_ : seen_absent_).insert(a.argument);
      return;
    }
    const std::span<const ValueId> elements = ElementsOf(a.result);
    const absl::flat_hash_set<ValueId> distinct(elements.begin(),
                                                elements.end());
    ++reads_;
    for (const ValueId x : distinct) ++reads_with_[x];
    if (distinct.size() == elements.size()) {
      read_sets_[id] = sets_.Count(elements);
    }
  }

  size_t StateBytes() const override {
    return sets_.MemoryBytes() + cache_.MemoryBytes() +
           read_sets_.capacity() * sizeof(MapId) +
           (added_.capacity() + seen_present_.capacity() +
            seen_absent_.capacity()) *
               (sizeof(ValueId) + 1) +
           reads_with_.capacity() * (2 * sizeof(ValueId) + 1);
  }

 private:
  // Of an action other than a read, with a known result: whether it fits only
  // states with its element (else only states without it).
  static bool ObservesPresence(const Action& a) {
    return (a.result == kTrue) == (a.function != kAdd);
  }

  size_t ReadsWith(ValueId x) const {
    const auto found = reads_with_.find(x);
    return found == reads_with_.end() ? 0 : found->second;
  }

  StateId Apply(StateId state, const Action& a) {
    if (a.result != kNoValue) {
      const bool is_present = sets_.Get(state, a.argument) != 0;
      if (is_present != ObservesPresence(a)) return StepCache::kRefused;
    }
    if (a.function == kContains) return state;
    return sets_.Put(state, a.argument, a.function == kAdd ? 1 : 0);
  }

  std::string DescribeRefusedRead(StateId state, ActionId id) const {
    const std::span<const ValueId> elements = ElementsOf(action(id).result);
    if (read_sets_[id] == kNoSet) {
      return "it read " + Text(action(id).result) +
             ", which names an element twice";
    }
    std::vector<ValueId> extra;
    std::vector<ValueId> missing;
    for (const ValueId x : elements) {
      if (sets_.Get(state, x) == 0) extra.push_back(x);
    }
    for (const auto& [x, count] : sets_.Entries(state)) {
      if (sets_.Get(read_sets_[id], x) == 0) missing.push_back(x);
    }
    std::string text = "it read " + TextOf(elements, "{}") + ", but ";
    if (!missing.empty()) {
      text += TextOf(missing, "{}") + " had been added";
    }
    if (!extra.empty()) {
      if (!missing.empty()) text += " and ";
      text += TextOf(extra, "{}") + " was not in the set";
    }
    return text;
  }

  bool tells_changes_;
  MapTable sets_;
  MapId initial_;
  std::vector<ValueId> initial_elements_;
  std::vector<MapId> read_sets_;  // by action: what an ok read returned
  StepCache cache_;
  absl::flat_hash_set<ValueId> added_;
  absl::flat_hash_set<ValueId> seen_present_;
  absl::flat_hash_set<ValueId> seen_absent_;
  absl::flat_hash_map<ValueId, uint32_t> reads_with_;
  size_t reads_ = 0;
};

template <ModelInfo (*Info)()>
absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial,
      "the initial value of a set is a list or a set of its elements",
      /*may_be_set=*/true);
  if (!elements.ok()) return elements.status();
  const absl::flat_hash_set<ValueId> distinct(elements->begin(),
                                              elements->end());
  if (distinct.size() != elements->size()) {
    return absl::InvalidArgumentError(
        "the initial value of a set names an element twice");
  }
  return std::make_unique<SetModel>(values, Info(), *elements);
}

constexpr std::string_view kInitial =
    "the elements at the start, as a list or a set; none by default";

}  // namespace

ModelInfo GSetInfo() {
  return {.name = "g-set",
          .summary = "a set that only grows",
          .functions = kGrowOnlyFunctions,
          .initial = kInitial,
          .keys = KeyUse::kSplits,
          .make = &Make<GSetInfo>};
}

ModelInfo SetInfo() {
  return {.name = "set",
          .summary = "a set of values",
          .functions = kFunctions,
          .initial = kInitial,
          .keys = KeyUse::kSplits,
          .make = &Make<SetInfo>};
}

}  // namespace minos::checker
