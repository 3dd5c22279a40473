// A lock that its holder may take again.
//
//   acquire     it was free, or its holder is the owner; it is held once more
//   release     its holder is the owner; it is held once less, and free when
//               as many releases as acquires have been
//
// The owner is the session of the operation, or the `client` of an argument
// that is a map (owner.h). An ok operation whose result is `false` is refused:
// a client that did not get the lock must record `fail`.
//
// A state is a pair (holder, how often).
//
// An info acquire of an owner who never releases can be dropped: from then on
// nobody but the owner takes the lock, and nobody releases it, so what follows
// fits as well if it was free. An info release is observed by others.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/models/interner.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/owner.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::ToInt;
using history::ValueId;

enum Function : uint8_t { kAcquire, kRelease };

constexpr FunctionInfo kFunctions[] = {
    {"acquire, lock", "nil, or a map that names its `client`", "ignored",
     "takes the lock, or takes it once more; `fail` says that it was not taken",
     Takes::kNothing},
    {"release, unlock", "nil, or a map that names its `client`", "ignored",
     "gives it back once; `fail` says that it was not held", Takes::kNothing},
};

class ReentrantMutexModel : public ModelBase {
 public:
  explicit ReentrantMutexModel(const history::ValueTable& values)
      : ModelBase(values, "reentrant-mutex", kFunctions) {
    holds_.Intern({});
  }

  bool IsReadOnly(ActionId) const override { return false; }
  bool IsUnobservable(ActionId id) const override {
    return action(id).function == kAcquire &&
           !releasers_.contains(action(id).owner);
  }

  StateId InitialState() const override { return 0; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    Hold hold = holds_[state];
    const bool is_free = hold.times == 0;
    if (a.function == kAcquire) {
      if (!is_free && hold.holder != a.owner) return;
      hold = {a.owner, hold.times + 1};
    } else {
      if (is_free || hold.holder != a.owner) return;
      --hold.times;
      if (hold.times == 0) hold = {};
    }
    successors.push_back(holds_.Intern(hold));
  }

  std::string DescribeState(StateId state) const override {
    const Hold& hold = holds_[state];
    if (hold.times == 0) return "the lock is free";
    std::string text = "the lock is held by " + Text(hold.holder);
    if (hold.times > 1) absl::StrAppend(&text, ", ", hold.times, " times");
    return text;
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    return Text(action(id).owner) +
           (action(id).function == kAcquire ? " took the lock, but "
                                            : " released the lock, but ") +
           DescribeState(state);
  }

 protected:
  bool HasOwners() const override { return true; }

  absl::Status Normalize(Action& a) override {
    if (a.result == kFalse) {
      return BadResult(a, "nothing (record `fail` if it was refused)");
    }
    a.owner = OwnerOf(values(), a.argument, a.owner);
    a.argument = kNil;
    a.result = kNoValue;
    return absl::OkStatus();
  }
  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kRelease) releasers_.insert(a.owner);
  }
  size_t StateBytes() const override {
    return holds_.MemoryBytes() + releasers_.capacity() * (sizeof(ValueId) + 1);
  }

 private:
  struct Hold {
    ValueId holder = kNoValue;
    uint32_t times = 0;
    friend bool operator==(const Hold&, const Hold&) = default;
    uint64_t Hash() const { return CombineHash(ToInt(holder), times); }
  };

  Interner<Hold> holds_;
  absl::flat_hash_set<ValueId> releasers_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil || initial == kFalse) {
    return std::make_unique<ReentrantMutexModel>(values);
  }
  return absl::InvalidArgumentError(
      "a reentrant-mutex is initially free (false)");
}

}  // namespace

ModelInfo ReentrantMutexInfo() {
  return {.name = "reentrant-mutex",
          .summary = "a lock that its holder may take again",
          .functions = kFunctions,
          .initial = "false: the lock is free at the start",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
