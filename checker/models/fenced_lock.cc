// A lock that hands out a token with each acquire, larger than all before, so
// that what it guards can turn away those who held it earlier.
//
//   acquire  → the token, alone or as the `fence` of a map; it was free, the
//              owner holds it, and the token is larger than every one before.
//              nil does not tell the token
//   release    the owner held it, and it is free
//
// Tokens are integers. The owner is the session of the operation, or the
// `client` of an argument that is a map (owner.h). An ok operation whose result
// is `false` is refused: a client that did not get the lock must record `fail`.
//
// A state is a pair (holder, last token). Where nobody knows the token of an
// acquire, it is the smallest that is possible: tokens matter only as what
// later ones must exceed, so what fits with a larger one fits with that as
// well.
//
// An info acquire of an owner who never releases can be dropped: nothing could
// come after it.

#include <algorithm>
#include <cstdint>
#include <limits>
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
using history::ValueKind;

enum Function : uint8_t { kAcquire, kRelease };

constexpr FunctionInfo kFunctions[] = {
    {"acquire, lock", "nil, or a map that names its `client`",
     "the token, or a map with it as its `fence`; nil does not tell it",
     "takes the free lock; `fail` says that it was not taken", Takes::kNothing},
    {"release, unlock", "nil, or a map that names its `client`", "ignored",
     "frees the lock; `fail` says that it was not held", Takes::kNothing},
};

// Less than every token, as far as anybody can tell.
constexpr int64_t kNoToken = std::numeric_limits<int64_t>::min();
constexpr int64_t kLastToken = std::numeric_limits<int64_t>::max();

class FencedLockModel : public ModelBase {
 public:
  FencedLockModel(const history::ValueTable& values, int64_t last_token)
      : ModelBase(values, "fenced-lock", kFunctions) {
    states_.Intern({kNoValue, last_token});
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
    Lock lock = states_[state];
    if (a.function == kRelease) {
      if (lock.holder != a.owner) return;
      lock.holder = kNoValue;
    } else {
      if (lock.holder != kNoValue || lock.token == kLastToken) return;
      const int64_t token = TokenOf(a, lock);
      if (token <= lock.token) return;
      lock = {a.owner, token};
    }
    successors.push_back(states_.Intern(lock));
  }

  std::string DescribeState(StateId state) const override {
    const Lock& lock = states_[state];
    std::string text = lock.holder == kNoValue
                           ? "the lock is free"
                           : "the lock is held by " + Text(lock.holder);
    if (lock.token == kNoToken) return text;
    return absl::StrCat(text, " and the last token is ", lock.token,
                        " or larger");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    std::string did = Text(a.owner);
    if (a.function == kRelease) {
      did += " released the lock";
    } else {
      did += " took the lock";
      if (a.result != kNoValue) did += " with token " + Text(a.result);
    }
    return did + ", but " + DescribeState(state);
  }

 protected:
  bool HasOwners() const override { return true; }

  absl::Status Normalize(Action& a) override {
    if (a.result == kFalse) {
      return BadResult(a, "a token (record `fail` if it was refused)");
    }
    a.owner = OwnerOf(values(), a.argument, a.owner);
    a.argument = kNil;
    if (a.function == kRelease || a.result == kNil) a.result = kNoValue;
    if (a.result == kNoValue) return absl::OkStatus();
    const ValueId fence = values().FindString("fence");
    if (values().kind(a.result) == ValueKind::kMap && fence != kNoValue) {
      a.result = values().Get(a.result, fence);
    }
    if (a.result != kNoValue && !IsInteger(a.result)) {
      return BadResult(a, "a token, which is an integer");
    }
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kRelease) releasers_.insert(a.owner);
  }

  size_t StateBytes() const override {
    return states_.MemoryBytes() +
           releasers_.capacity() * (sizeof(ValueId) + 1);
  }

 private:
  struct Lock {
    ValueId holder = kNoValue;
    int64_t token = kNoToken;
    friend bool operator==(const Lock&, const Lock&) = default;
    uint64_t Hash() const {
      return CombineHash(ToInt(holder), static_cast<uint64_t>(token));
    }
  };

  // REQUIRES: there is a token after that of `lock`.
  int64_t TokenOf(const Action& a, const Lock& lock) const {
    return a.result == kNoValue ? lock.token + 1 : values().integer(a.result);
  }

  Interner<Lock> states_;
  absl::flat_hash_set<ValueId> releasers_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil) {
    return std::make_unique<FencedLockModel>(values, kNoToken);
  }
  if (values.kind(initial) != ValueKind::kInteger) {
    return absl::InvalidArgumentError(
        "the initial value of a fenced-lock is the last token before");
  }
  return std::make_unique<FencedLockModel>(values, values.integer(initial));
}

}  // namespace

ModelInfo FencedLockInfo() {
  return {.name = "fenced-lock",
          .summary = "a lock that hands out growing tokens",
          .functions = kFunctions,
          .initial =
              "the last token before the start; none by default. The lock is "
              "free",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
