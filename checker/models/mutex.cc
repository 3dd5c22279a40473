// A lock without owners: it is free or held.
//
//   acquire     it was free and is held from then on
//   release     it was held and is free from then on
//
// An ok operation whose result is `false` is refused: a client that did not get
// the lock must record `fail`. Both info operations can be observed: after the
// one nobody else gets the lock, after the other somebody does.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::kTrue;
using history::ValueId;

enum Function : uint8_t { kAcquire, kRelease };
enum State : StateId { kFree, kHeld };

constexpr FunctionInfo kFunctions[] = {
    {"acquire, lock", "nil", "ignored",
     "takes the free lock; `fail` says that it was not taken", Takes::kNothing},
    {"release, unlock", "nil", "ignored",
     "frees the held lock; `fail` says that it was not freed", Takes::kNothing},
};

class MutexModel : public ModelBase {
 public:
  MutexModel(const history::ValueTable& values, StateId initial)
      : ModelBase(values, "mutex", kFunctions), initial_(initial) {}

  bool IsReadOnly(ActionId) const override { return false; }
  bool IsUnobservable(ActionId) const override { return false; }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const bool acquires = action(id).function == kAcquire;
    if (acquires == (state == kFree)) {
      successors.push_back(acquires ? kHeld : kFree);
    }
  }

  std::string DescribeState(StateId state) const override {
    return state == kFree ? "the lock is free" : "the lock is held";
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    return (action(id).function == kAcquire ? "it took the lock, but "
                                            : "it freed the lock, but ") +
           DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.result == kFalse) {
      return BadResult(a, "nothing (record `fail` if it was refused)");
    }
    a.argument = kNil;
    a.result = kNoValue;
    return absl::OkStatus();
  }
  void OnNewAction(ActionId, const Action&) override {}
  size_t StateBytes() const override { return 0; }

 private:
  StateId initial_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil || initial == kFalse) {
    return std::make_unique<MutexModel>(values, kFree);
  }
  if (initial == kTrue) return std::make_unique<MutexModel>(values, kHeld);
  return absl::InvalidArgumentError(
      "a mutex is initially free (false) or held (true)");
}

}  // namespace

ModelInfo MutexInfo() {
  return {.name = "mutex",
          .summary = "a lock without owners",
          .functions = kFunctions,
          .initial = "true if the lock is held at the start; false by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
