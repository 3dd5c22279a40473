#include "checker/recent_states.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace minos::checker {

RecentStates::RecentStates(std::unique_ptr<SequentialModel> inner,
                           uint32_t count)
    : inner_(std::move(inner)), count_(count) {
  StateOf({inner_->InitialState()});
}

void RecentStates::Step(StateId state, ActionId action,
                        std::vector<StateId>& successors) {
  // Copied, since a new state may move the old ones.
  const std::vector<StateId> recent = states_[state];
  if (inner_->IsReadOnly(action)) {
    for (const StateId each : recent) {
      scratch_.clear();
      inner_->Step(each, action, scratch_);
      if (scratch_.empty()) continue;
      successors.push_back(state);
      return;
    }
    return;
  }
  std::vector<StateId> latest;
  inner_->Step(recent.front(), action, latest);
  for (const StateId each : latest) {
    std::vector<StateId> next = {each};
    for (const StateId older : recent) {
      if (next.size() < count_) next.push_back(older);
    }
    successors.push_back(StateOf(std::move(next)));
  }
}

std::string RecentStates::DescribeState(StateId state) const {
  std::string out;
  for (const StateId each : states_[state]) {
    absl::StrAppend(&out, out.empty() ? "" : ", or before that ",
                    inner_->DescribeState(each));
  }
  return out;
}

std::string RecentStates::DescribeRefusal(StateId state,
                                          ActionId action) const {
  const std::vector<StateId>& recent = states_[state];
  std::string out = inner_->DescribeRefusal(recent.front(), action);
  if (!inner_->IsReadOnly(action)) return out;
  for (size_t i = 1; i < recent.size(); ++i) {
    absl::StrAppend(&out, ", and before that ",
                    inner_->DescribeState(recent[i]));
  }
  return out;
}

size_t RecentStates::MemoryBytes() const {
  return inner_->MemoryBytes() +
         states_.size() * (count_ + size_t{16}) * sizeof(StateId);
}

StateId RecentStates::StateOf(std::vector<StateId> recent) {
  const auto [entry, is_new] =
      ids_.try_emplace(recent, static_cast<StateId>(states_.size()));
  if (is_new) states_.push_back(std::move(recent));
  return entry->second;
}

}  // namespace minos::checker
