// Mostly the order does not matter, and the one that is given will do.
// Otherwise all orders are tried, depth first; what has been done and the state
// decide what can follow, so the same two that led nowhere are not tried again.

#include "checker/settling.h"

#include <utility>

namespace minos::checker {
namespace {

constexpr size_t kMostSteps = 2000;
constexpr size_t kMostOperations = 64;  // bits of a word

}  // namespace

bool Settling::Step(StateId from, ActionId action, StateId& to) {
  successors_.clear();
  model_.Step(from, action, successors_);
  if (successors_.empty()) return false;
  to = successors_.front();
  return true;
}

Settled Settling::Settle(std::vector<Unsettled>& operations,
                         const Unsettled* last, StateId& state) {
  StateId reached = state;
  bool fits = true;
  for (size_t i = 0; fits && i < operations.size(); ++i) {
    fits = Step(reached, operations[i].action, reached);
  }
  if (fits && (last == nullptr || Step(reached, last->action, reached))) {
    state = reached;
    return Settled::kYes;
  }
  if (operations.size() > kMostOperations) return Settled::kUnknown;
  order_.clear();
  failed_.clear();
  steps_ = 0;
  if (!Search(operations, last, 0, state)) {
    return steps_ < kMostSteps ? Settled::kNo : Settled::kUnknown;
  }
  std::vector<Unsettled> ordered;
  for (const size_t next : order_) ordered.push_back(operations[next]);
  operations = std::move(ordered);
  state = end_;
  return Settled::kYes;
}

// Whether all that returned before the call of `next` is done.
bool Settling::MayComeNext(std::span<const Unsettled> operations, size_t next,
                           uint64_t done) {
  for (size_t i = 0; i < operations.size(); ++i) {
    const bool is_done = (done >> i & 1) != 0;
    if (!is_done && operations[i].return_event < operations[next].call_event) {
      return false;
    }
  }
  return true;
}

bool Settling::Search(std::span<const Unsettled> operations,
                      const Unsettled* last, uint64_t done, StateId state) {
  if (order_.size() == operations.size()) {
    end_ = state;
    return last == nullptr || Step(state, last->action, end_);
  }
  for (size_t i = 0; i < operations.size(); ++i) {
    if ((done >> i & 1) != 0 || !MayComeNext(operations, i, done)) continue;
    if (++steps_ >= kMostSteps) return false;
    StateId next = state;
    if (!Step(state, operations[i].action, next)) continue;
    const uint64_t more = done | uint64_t{1} << i;
    if (failed_.contains({more, next})) continue;
    order_.push_back(i);
    if (Search(operations, last, more, next)) return true;
    order_.pop_back();
    failed_.insert({more, next});
  }
  return false;
}

}  // namespace minos::checker
