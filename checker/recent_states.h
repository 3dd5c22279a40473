// A data type whose reads may be a few updates late.

#ifndef MINOS_CHECKER_RECENT_STATES_H_
#define MINOS_CHECKER_RECENT_STATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "checker/sequential_model.h"

namespace minos::checker {

// The object of `inner`, of which an action that changes nothing fits if it
// fits one of the `count` latest states; every other action takes the latest
// one and makes another. With a count of 1 it is `inner`. A state is the list
// of these states, the latest first.
class RecentStates : public SequentialModel {
 public:
  RecentStates(std::unique_ptr<SequentialModel> inner, uint32_t count);

  absl::StatusOr<ActionId> Intern(const Call& call) override {
    return inner_->Intern(call);
  }
  bool IsReadOnly(ActionId action) const override {
    return inner_->IsReadOnly(action);
  }
  // An update that nobody notices still makes a state older. It can be left out
  // where it may not have happened, but that is for the search to try.
  bool IsUnobservable(ActionId action) const override {
    return count_ == 1 ? inner_->IsUnobservable(action) : IsReadOnly(action);
  }
  StateId InitialState() const override { return 0; }
  void Step(StateId state, ActionId action,
            std::vector<StateId>& successors) override;
  std::string DescribeState(StateId state) const override;
  std::string DescribeRefusal(StateId state, ActionId action) const override;
  size_t MemoryBytes() const override;

 private:
  StateId StateOf(std::vector<StateId> recent);

  std::unique_ptr<SequentialModel> inner_;
  uint32_t count_;
  std::vector<std::vector<StateId>> states_;
  absl::flat_hash_map<std::vector<StateId>, StateId> ids_;
  std::vector<StateId> scratch_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_RECENT_STATES_H_
