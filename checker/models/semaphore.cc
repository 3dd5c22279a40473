// A semaphore without owners: a number of permits.
//
//   acquire k     k permits were free and are taken; 1 if k is nil
//   release k     k permits were taken and are free; 1 if k is nil
//
// There are never more free permits than in the beginning: a release of what
// nobody took does not fit. An ok operation whose result is `false` is refused:
// a client that got no permits must record `fail`. Info operations can be
// observed, but those of no permits: after the one others wait, after the other
// they do not.
//
// A state is the number of free permits.

#include <algorithm>
#include <cstdint>
#include <limits>
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
using history::ValueId;

enum Function : uint8_t { kAcquire, kRelease };

constexpr FunctionInfo kFunctions[] = {
    {"acquire", "how many permits, or nil for 1", "ignored",
     "takes free permits; `fail` says that it took none", Takes::kValue},
    {"release", "how many permits, or nil for 1", "ignored",
     "frees taken permits; `fail` says that it freed none", Takes::kValue},
};

// States are 32 bits wide, and the largest stands for something else.
constexpr int64_t kMostPermits = std::numeric_limits<int32_t>::max();

class SemaphoreModel : public ModelBase {
 public:
  SemaphoreModel(const history::ValueTable& values, uint32_t permits)
      : ModelBase(values, "semaphore", kFunctions), permits_(permits) {}

  bool IsReadOnly(ActionId id) const override { return counts_[id] == 0; }
  bool IsUnobservable(ActionId id) const override { return counts_[id] == 0; }
  bool IsImpossible(ActionId id) const override {
    return counts_[id] > permits_;
  }

  StateId InitialState() const override { return permits_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const uint32_t count = counts_[id];
    if (action(id).function == kAcquire) {
      if (state >= count) successors.push_back(state - count);
    } else if (permits_ - state >= count) {
      successors.push_back(state + count);
    }
  }

  std::string DescribeState(StateId state) const override {
    return absl::StrCat(
        state, " of ", permits_,
        permits_ == 1 ? " permit is free" : " permits are free");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    return absl::StrCat(
        action(id).function == kAcquire ? "it took " : "it freed ", counts_[id],
        ", but ", DescribeState(state));
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.result == kFalse) {
      return BadResult(a, "nothing (record `fail` if it was refused)");
    }
    a.result = kNoValue;
    if (a.argument == kNil) return absl::OkStatus();
    if (!IsInteger(a.argument) || values().integer(a.argument) < 0) {
      return BadArgument(a, "a number of permits, or nil for 1");
    }
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    const int64_t count = a.argument == kNil ? 1 : values().integer(a.argument);
    // What is more than any semaphore has, is more than this one has.
    counts_.push_back(static_cast<uint32_t>(std::min(count, kMostPermits + 1)));
  }

  size_t StateBytes() const override {
    return counts_.capacity() * sizeof(uint32_t);
  }

 private:
  uint32_t permits_;
  std::vector<uint32_t> counts_;  // by action
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil) {
    return std::make_unique<SemaphoreModel>(values, 1);
  }
  const bool is_count = values.kind(initial) == history::ValueKind::kInteger &&
                        values.integer(initial) >= 0 &&
                        values.integer(initial) <= kMostPermits;
  if (!is_count) {
    return absl::InvalidArgumentError(
        absl::StrCat("the initial value of a semaphore is the number of its "
                     "permits, from 0 to ",
                     kMostPermits));
  }
  return std::make_unique<SemaphoreModel>(
      values, static_cast<uint32_t>(values.integer(initial)));
}

}  // namespace

ModelInfo SemaphoreInfo() {
  return {.name = "semaphore",
          .summary = "a number of permits",
          .functions = kFunctions,
          .initial = "how many permits there are, all free; 1 by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
