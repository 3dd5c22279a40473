// A source of identifiers, each of which it gives only once.
//
//   generate   → a value that it gave nobody before
//
// A state is a MapTable map from the identifiers given to 1. An info generate
// can be dropped: nobody got to know what it gave.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "checker/models/map_table.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;

constexpr FunctionInfo kFunctions[] = {
    {"generate, next, id", "ignored", "the new identifier",
     "gives an identifier that was never given before", Takes::kNothing},
};

class UniqueIdsModel : public ModelBase {
 public:
  UniqueIdsModel(const history::ValueTable& values,
                 std::span<const ValueId> initial)
      : ModelBase(values, "unique-ids", kFunctions),
        initial_(given_.Count(initial)) {}

  bool IsReadOnly(ActionId id) const override {
    return action(id).result == kNoValue;
  }
  bool IsUnobservable(ActionId) const override { return true; }
  bool IsImpossible(ActionId id) const override {
    return action(id).result != kNoValue &&
           given_.Get(initial_, action(id).result) != 0;
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const ValueId given = action(id).result;
    if (given == kNoValue) {
      successors.push_back(state);
      return;
    }
    cache_.Follow(state, id, successors, [&] {
      return given_.Get(state, given) != 0 ? StepCache::kRefused
                                           : given_.Put(state, given, 1);
    });
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> ids;
    for (const auto& [id, count] : given_.Entries(state)) ids.push_back(id);
    return ids.empty() ? "no identifier was given yet"
                       : "given before: " + TextOf(ids, "{}");
  }

  std::string DescribeRefusal(StateId, ActionId id) const override {
    return "it gave " + Text(action(id).result) +
           ", which had been given before";
  }

 protected:
  absl::Status Normalize(Action& a) override {
    a.argument = kNil;
    return absl::OkStatus();
  }
  void OnNewAction(ActionId, const Action&) override {}
  size_t StateBytes() const override {
    return given_.MemoryBytes() + cache_.MemoryBytes();
  }

 private:
  MapTable given_;
  MapId initial_;
  StepCache cache_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto given = InitialElements(
      values, initial,
      "the initial value of unique-ids is a list or a set of the identifiers "
      "given before",
      /*may_be_set=*/true);
  if (!given.ok()) return given.status();
  return std::make_unique<UniqueIdsModel>(values, *given);
}

}  // namespace

ModelInfo UniqueIdsInfo() {
  return {.name = "unique-ids",
          .summary = "a source of identifiers, each given only once",
          .functions = kFunctions,
          .initial =
              "the identifiers given before the start, as a list or a set; "
              "none by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
