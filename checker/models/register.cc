// A register, with or without compare-and-set: one value that can be read and
// replaced. Values are compared as a whole.
//
//   read        → the value
//   write v     the value becomes v; whatever the completion carries
//   cas [a b]   the value was a and becomes b; a result of `false` says that
//   the
//               value was not a, and that nothing changed
//
// A read of nil by a client of a register that can never be nil (it starts with
// another value, and nobody writes nil) says nothing: the client did not get to
// know the value. So Knossos has it too. Where nil is a value, it is read as
// any other.
//
// A state is the id of the value.
//
// What can be dropped of info operations (an ok read of v, and a cas from v,
// are the observers of v):
//  - a write of v that nobody observes. From it to the next update the value is
//    v, so between them stand, in any linearization, only writes and info
//    reads, which fit every value. A cas that was refused fits every value
//    but one and so may depend on the write: where there is one, nothing is
//    dropped.
//  - a cas to a value that nobody observes, for the same reason. What observes
//    a value for the sake of one that nobody observes is no observer: leave out
//    all such info operations at once. Where one of them had been, the value is
//    none that is observed, so nothing was said of it until the next write.
//  - a cas from a
//    to a, which changes nothing; and a cas from a value that is neither the
//    initial one nor put there by anybody, which never fits.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::ToInt;
using history::ValueId;

enum Function : uint8_t { kRead, kWrite, kCas };

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "nil",
     "the value; nil tells nothing where it can never be one",
     "reads the value", Takes::kNothing},
    {"write, w, put, set", "the new value", "ignored", "replaces the value",
     Takes::kValue},
    {"cas, compare-and-set, compare-and-swap", "[old new]",
     "ignored, but for `false`: the value was not old",
     "replaces old by new; `fail` says that it did not", Takes::kPair},
};

class RegisterModel : public ModelBase {
 public:
  RegisterModel(const history::ValueTable& values, const ModelInfo& info,
                ValueId initial)
      : ModelBase(values, info.name, info.functions),
        initial_(initial == kNoValue ? kNil : initial),
        can_be_nil_(initial_ == kNil) {
    produced_.insert(initial_);
  }

  bool IsReadOnly(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kRead || a.result == kFalse ||
           (a.function == kCas && Old(a) == New(a));
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kRead) return true;
    if (a.function == kCas && (Old(a) == New(a) || IsImpossible(id))) {
      return true;
    }
    return !has_refused_cas_ &&
           !(is_settled_ ? needed_ : observed_).contains(New(a));
  }

  void Settle() override {
    if (is_settled_) return;
    is_settled_ = true;
    std::vector<ValueId> unseen;
    const auto need = [&](ValueId value) {
      if (needed_.insert(value).second) unseen.push_back(value);
    };
    absl::flat_hash_map<ValueId, std::vector<ValueId>> sources;
    for (ActionId id = 0; id < action_count(); ++id) {
      const Action& a = action(id);
      if (a.function == kWrite) continue;
      if (a.function == kRead) {
        if (is_ok(id)) need(a.result);
      } else if (is_ok(id)) {
        need(Old(a));
      } else {
        sources[New(a)].push_back(Old(a));
      }
    }
    while (!unseen.empty()) {
      const ValueId value = unseen.back();
      unseen.pop_back();
      const auto found = sources.find(value);
      if (found == sources.end()) continue;
      for (const ValueId source : found->second) need(source);
    }
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kWrite || a.result == kFalse) return false;
    if (SaysNothing(a)) return false;
    return !produced_.contains(a.function == kRead ? a.result : Old(a));
  }

  bool Covers(ActionId general, ActionId special) const override {
    const Action& g = action(general);
    const Action& s = action(special);
    return g.function == kWrite && s.function == kCas && s.result != kFalse &&
           New(g) == New(s);
  }

  bool IsBlind(ActionId id) const override {
    return action(id).function == kWrite;
  }

  // The value is in place 0.
  bool FindFootprint(ActionId id, Footprint& footprint) const override {
    const Action& a = action(id);
    footprint.says_all = a.result != kFalse;
    if (a.function == kRead) {
      if (!SaysNothing(a)) footprint.sees.push_back({0, ToInt(a.result)});
      return true;
    }
    if (a.result == kFalse) return true;
    if (a.function == kCas) footprint.sees.push_back({0, ToInt(Old(a))});
    if (!IsReadOnly(id)) footprint.sets.push_back({0, ToInt(New(a))});
    return true;
  }
  std::optional<uint64_t> Lookup(StateId state, uint32_t) const override {
    return state;
  }

  StateId InitialState() const override { return ToInt(initial_); }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    switch (a.function) {
      case kRead:
        if (ToInt(a.result) == state || SaysNothing(a)) {
          successors.push_back(state);
        }
        return;
      case kWrite:
        successors.push_back(ToInt(a.argument));
        return;
      default:
        if ((ToInt(Old(a)) == state) == (a.result == kFalse)) return;
        successors.push_back(a.result == kFalse ? state : ToInt(New(a)));
    }
  }

  std::string DescribeState(StateId state) const override {
    return "the value is " + Text(ValueId{state});
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    std::string did;
    if (a.function == kRead) {
      did = "it read " + Text(a.result);
    } else if (a.result == kFalse) {
      did = "it was refused, as if the value were not " + Text(Old(a));
    } else {
      did = "it replaced " + Text(Old(a));
    }
    return did + ", but " + DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    switch (a.function) {
      case kRead:
        a.argument = kNil;
        break;
      case kWrite:
        a.result = kNoValue;
        break;
      default:
        if (!IsListOf(a.argument, 2)) return BadArgument(a, "a pair [old new]");
        if (a.result != kFalse) a.result = kNoValue;
    }
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kRead) {
      if (a.result != kNoValue) observed_.insert(a.result);
      return;
    }
    if (a.function == kCas) observed_.insert(Old(a));
    if (a.result == kFalse) {
      has_refused_cas_ = true;
    } else {
      produced_.insert(New(a));
      if (New(a) == kNil) can_be_nil_ = true;
    }
  }

  size_t StateBytes() const override {
    return (observed_.capacity() + produced_.capacity() + needed_.capacity()) *
           (sizeof(ValueId) + 1);
  }

 private:
  ValueId Old(const Action& a) const {
    return values().elements(a.argument)[0];
  }
  ValueId New(const Action& a) const {
    return a.function == kCas ? values().elements(a.argument)[1] : a.argument;
  }

  // Of a read: nothing is known of its result.
  bool SaysNothing(const Action& a) const {
    return a.function == kRead &&
           (a.result == kNoValue || (a.result == kNil && !can_be_nil_));
  }

  ValueId initial_;
  bool can_be_nil_;
  absl::flat_hash_set<ValueId> observed_;
  absl::flat_hash_set<ValueId> produced_;
  bool has_refused_cas_ = false;
  bool is_settled_ = false;
  // What ok operations observe, and what info ones have to observe to bring
  // that about.
  absl::flat_hash_set<ValueId> needed_;
};

template <ModelInfo (*Info)()>
absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  return std::make_unique<RegisterModel>(values, Info(), initial);
}

constexpr std::string_view kInitial = "the value at the start; nil by default";

}  // namespace

ModelInfo RegisterInfo() {
  return {.name = "register",
          .summary = "one value that is read and written",
          .functions = std::span(kFunctions).first(2),
          .initial = kInitial,
          .keys = KeyUse::kSplits,
          .make = &Make<RegisterInfo>};
}

ModelInfo CasRegisterInfo() {
  return {.name = "cas-register",
          .summary = "a register with compare-and-set",
          .functions = kFunctions,
          .initial = kInitial,
          .keys = KeyUse::kSplits,
          .make = &Make<CasRegisterInfo>};
}

}  // namespace minos::checker
