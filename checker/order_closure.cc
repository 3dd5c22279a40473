#include "checker/order_closure.h"

namespace minos::checker {

OrderClosure::OrderClosure(std::vector<Node> chain_begin)
    : chains_(chain_begin.size() - 1),
      chain_begin_(std::move(chain_begin)),
      chain_of_(chain_begin_.back()),
      end_before_(chain_of_.size() * chains_),
      begin_after_(chain_of_.size() * chains_) {
  for (uint32_t c = 0; c < chains_; ++c) {
    for (Node node = chain_begin_[c]; node < chain_begin_[c + 1]; ++node) {
      chain_of_[node] = c;
      for (uint32_t other = 0; other < chains_; ++other) {
        const bool is_own = other == c;
        end_before_[node * chains_ + other] =
            is_own ? node + 1 : chain_begin_[other];
        begin_after_[node * chains_ + other] =
            is_own ? node : chain_begin_[other + 1];
      }
    }
  }
}

void OrderClosure::BackTo(Mark mark) {
  while (trail_.size() > mark) {
    const Change& change = trail_.back();
    if (change.at < end_before_.size()) {
      end_before_[change.at] = change.value;
    } else {
      begin_after_[change.at - end_before_.size()] = change.value;
    }
    trail_.pop_back();
  }
}

}  // namespace minos::checker
