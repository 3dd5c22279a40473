// A counter: an integer to which integers, also negative ones, are added.
//
//   read               → the sum so far
//   add k              adds k
//   increment k        adds k, or 1 if the argument is nil
//   decrement k        subtracts k, or 1 if the argument is nil
//   add-and-get k      adds k → the sum afterwards: s, [s] or [k s]
//   decrement-and-get  the same, subtracting
//   get-and-add k      adds k → the sum before: s, [s] or [k s]
//   get-and-decrement  the same, subtracting
//
// A counter that keeps a version returns [s v] from a read and from whatever
// changes it: the sum with the number of updates that it is made of, starting
// with 0. An update counts also if it adds nothing. Whether pairs are meant so
// is told by one that does not have the argument in front; see
// checker/counter_pairs.h.
//
// Arithmetic is that of 64-bit integers and wraps around. A state is the number
// of a sum in the table of the sums met, with the number of updates where
// somebody returned it. An info addition can be dropped if it adds nothing, or
// if nobody ever looks at the sum; where versions are returned it is looked at
// in any case.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
#include "checker/models/interner.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;

enum Function : uint8_t {
  kRead,
  kAdd,
  kIncrement,
  kDecrement,
  kAddAndGet,
  kDecrementAndGet,
  kGetAndAdd,
  kGetAndDecrement,
};

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "nil", "the sum s, or [s version]", "reads the sum",
     Takes::kNothing},
    {"add", "an integer", "ignored, but for [s version]", "adds it",
     Takes::kValue},
    {"increment, inc, incr", "an integer, or nil for 1",
     "ignored, but for [s version]", "adds it", Takes::kValue},
    {"decrement, dec, decr", "an integer, or nil for 1",
     "ignored, but for [s version]", "subtracts it", Takes::kValue},
    {"add-and-get, add-and-read, increment-and-get, inc-and-get, incr-and-get",
     "an integer, or nil for 1",
     "the sum s afterwards, alone or as [s], [argument s] or [s version]",
     "adds and reads at once", Takes::kValue},
    {"decrement-and-get, dec-and-get, decr-and-get", "an integer, or nil for 1",
     "the sum s afterwards, alone or as [s], [argument s] or [s version]",
     "subtracts and reads at once", Takes::kValue},
    {"get-and-add, fetch-and-add, fetch-add, get-and-increment, get-and-inc",
     "an integer, or nil for 1",
     "the sum s before, alone or as [s], [argument s] or [s version]",
     "reads and adds at once", Takes::kValue},
    {"get-and-decrement, get-and-dec, fetch-and-sub",
     "an integer, or nil for 1",
     "the sum s before, alone or as [s], [argument s] or [s version]",
     "reads and subtracts at once", Takes::kValue},
};

struct Sum {
  uint64_t value;
  uint64_t updates;  // 0 throughout where nobody returned versions
  friend bool operator==(const Sum&, const Sum&) = default;
  uint64_t Hash() const { return MixHash(value + MixHash(updates)); }
};

class CounterModel : public ModelBase {
 public:
  CounterModel(const history::ValueTable& values, int64_t initial)
      : ModelBase(values, "counter", kFunctions) {
    sums_.Intern({static_cast<uint64_t>(initial), 0});
  }

  bool IsReadOnly(ActionId id) const override {
    return effects_[id].add == 0 && !CountsAsUpdate(id);
  }

  bool IsUnobservable(ActionId id) const override {
    if (has_versions_) return action(id).function == kRead;
    return effects_[id].add == 0 || !is_observed_;
  }

  bool FitsEveryState(ActionId id) const override {
    const Effect& effect = effects_[id];
    return !effect.returns && !(effect.pair && has_versions_);
  }

  // The sum is in place 0.
  bool FindFootprint(ActionId id, Footprint& footprint) const override {
    const Effect& effect = effects_[id];
    if (has_versions_) return false;
    if (effect.returns) {
      const bool gets_first = GetsFirst(action(id).function);
      footprint.sees.push_back(
          {0, gets_first ? effect.sum : effect.sum - effect.add});
    }
    if (effect.add != 0) footprint.adds.push_back({0, effect.add});
    return true;
  }
  std::optional<uint64_t> Lookup(StateId state, uint32_t) const override {
    return sums_[state].value;
  }

  StateId InitialState() const override { return 0; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Effect& effect = effects_[id];
    const Sum& before = sums_[state];
    const Sum after = {before.value + effect.add,
                       before.updates + (CountsAsUpdate(id) ? 1 : 0)};
    const Sum& seen = GetsFirst(action(id).function) ? before : after;
    if (!Fits(effect, seen)) return;
    successors.push_back(IsReadOnly(id) ? state : sums_.Intern(after));
  }

  std::string DescribeState(StateId state) const override {
    const Sum& sum = sums_[state];
    return has_versions_ ? absl::StrCat("the sum is ", Signed(sum.value),
                                        " at version ", Signed(sum.updates))
                         : absl::StrCat("the sum is ", Signed(sum.value));
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Effect& effect = effects_[id];
    if (action(id).function == kRead) {
      return absl::StrCat("it read ", Text(action(id).result), ", but ",
                          DescribeState(state));
    }
    const Sum& before = sums_[state];
    return absl::StrCat(
        "it returned ", Text(action(id).result), ", but the sum was ",
        Signed(before.value), " before and would be ",
        Signed(before.value + effect.add),
        has_versions_ ? absl::StrCat(" at version ", Signed(before.updates + 1))
                      : std::string());
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kRead) {
      a.argument = kNil;
      if (a.result == kNoValue || IsInteger(a.result) ||
          IsIntegerPair(values(), a.result)) {
        return absl::OkStatus();
      }
      return BadResult(a, "an integer, or [sum version]");
    }
    const bool may_be_nil = a.function != kAdd;
    if (!IsInteger(a.argument) && !(may_be_nil && a.argument == kNil)) {
      return BadArgument(a, "an integer");
    }
    if (IsIntegerPair(values(), a.result)) return absl::OkStatus();
    if (!Returns(a.function)) {
      a.result = kNoValue;
      return absl::OkStatus();
    }
    return NormalizeReturnedSum(a);
  }

  void OnNewAction(ActionId, const Action& a) override {
    Effect effect;
    if (a.function != kRead) {
      effect.add = a.argument == kNil ? 1 : Integer(a.argument);
    }
    if (Subtracts(a.function)) effect.add = -effect.add;
    if (IsIntegerPair(values(), a.result)) {
      const auto parts = values().elements(a.result);
      effect.pair = true;
      effect.returns = Returns(a.function) || a.function == kRead;
      effect.first = Integer(parts[0]);
      effect.sum = Integer(parts[1]);
      if (IsVersionedPair(values(), a.argument, a.result)) has_versions_ = true;
      is_observed_ = true;
    } else if (a.result != kNoValue) {
      effect.returns = true;
      effect.sum = Integer(a.result);
      is_observed_ = true;
    }
    effects_.push_back(effect);
  }

  size_t StateBytes() const override {
    return sums_.MemoryBytes() + effects_.capacity() * sizeof(Effect);
  }

 private:
  struct Effect {
    uint64_t add = 0;
    uint64_t sum = 0;      // of a pair: what stands second
    uint64_t first = 0;    // of a pair: what stands first
    bool returns = false;  // what is no version of a pair says something
    bool pair = false;
  };

  bool CountsAsUpdate(ActionId id) const {
    return has_versions_ && action(id).function != kRead;
  }
  // Whether what was returned is what was there to be seen.
  bool Fits(const Effect& effect, const Sum& seen) const {
    if (effect.pair && has_versions_) {
      return effect.first == seen.value && effect.sum == seen.updates;
    }
    return !effect.returns || effect.sum == seen.value;
  }

  static bool Returns(uint8_t function) { return function >= kAddAndGet; }
  static bool GetsFirst(uint8_t function) { return function >= kGetAndAdd; }
  static bool Subtracts(uint8_t function) {
    return function == kDecrement || function == kDecrementAndGet ||
           function == kGetAndDecrement;
  }

  static int64_t Signed(uint64_t sum) { return static_cast<int64_t>(sum); }
  uint64_t Integer(ValueId value) const {
    return static_cast<uint64_t>(values().integer(value));
  }

  absl::Status NormalizeReturnedSum(Action& a) const {
    ValueId sum = a.result;
    if (sum == kNoValue) return absl::OkStatus();
    if (IsListOf(sum, 1)) sum = values().elements(sum)[0];
    if (IsListOf(sum, 2) && values().elements(sum)[0] == kNil &&
        a.argument == kNil) {
      sum = values().elements(sum)[1];
    }
    if (!IsInteger(sum)) {
      return BadResult(a, "a sum s, [s], [argument s] or [s version]");
    }
    a.result = sum;
    return absl::OkStatus();
  }

  Interner<Sum> sums_;
  std::vector<Effect> effects_;  // by action
  bool is_observed_ = false;
  bool has_versions_ = false;  // pairs are [sum version]
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil) {
    return std::make_unique<CounterModel>(values, 0);
  }
  if (values.kind(initial) != history::ValueKind::kInteger) {
    return absl::InvalidArgumentError(
        "the initial value of a counter is an integer");
  }
  return std::make_unique<CounterModel>(values, values.integer(initial));
}

}  // namespace

ModelInfo CounterInfo() {
  return {.name = "counter",
          .summary = "an integer to which amounts are added",
          .functions = kFunctions,
          .initial = "the sum at the start; 0 by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
