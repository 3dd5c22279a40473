// Every chain is run as far as it goes: a read waits until the updates that it
// returned have their clocks. In a recording without compare-and-set and
// without reads from the future the calls of updates and the returns of reads
// are such an order already; with them co may have a cycle, and then some
// chain waits for ever.

#include "checker/causal_clocks.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoRow = 0xFFFFFFFFu;

}  // namespace

class ClockSweep {
 public:
  explicit ClockSweep(const SessionHistory& steps) : steps_(steps) {}

  std::optional<CausalClocks> Run() && {
    NumberRows();
    const uint32_t chains = steps_.chain_count();
    next_.assign(steps_.chain_begin.begin(), steps_.chain_begin.end() - 1);
    current_.resize(size_t{chains} * chains);
    for (uint32_t c = 0; c < chains; ++c) {
      std::copy(next_.begin(), next_.end(), Current(c));
      ready_.push_back(c);
    }
    std::reverse(ready_.begin(), ready_.end());
    while (!ready_.empty()) {
      const uint32_t chain = ready_.back();
      ready_.pop_back();
      Advance(chain);
    }
    for (uint32_t c = 0; c < chains; ++c) {
      if (next_[c] != steps_.chain_begin[c + 1]) return std::nullopt;
    }
    return std::move(clocks_);
  }

 private:
  Step* Current(uint32_t chain) {
    return current_.data() + size_t{chain} * steps_.chain_count();
  }
  Step* Row(Step step) {
    return clocks_.clocks_.data() + clocks_.row_[step] * clocks_.width_;
  }

  void NumberRows() {
    clocks_.width_ = steps_.chain_count();
    clocks_.row_.assign(steps_.size(), kNoRow);
    for (Step step = 0; step < steps_.size(); ++step) {
      if (!steps_.IsRead(step)) clocks_.row_[step] = 0;
    }
    for (const Crossing& crossing : steps_.crossings) {
      clocks_.row_[crossing.from] = 0;
    }
    uint32_t rows = 0;
    for (uint32_t& row : clocks_.row_) {
      if (row != kNoRow) row = rows++;
    }
    clocks_.clocks_.resize(size_t{rows} * clocks_.width_);
  }

  // Runs `chain` until it ends or has to wait.
  void Advance(uint32_t chain) {
    for (Step& step = next_[chain]; step < steps_.chain_begin[chain + 1];
         ++step) {
      while (crossing_of(chain) < steps_.crossings.size() &&
             steps_.crossings[crossing_of(chain)].to == step) {
        if (!Join(chain, steps_.crossings[crossing_of(chain)].from)) return;
        ++crossing_of(chain);
      }
      if (steps_.IsRead(step)) {
        for (const Step shown : steps_.Shown(step)) {
          if (!Join(chain, shown)) return;
        }
      }
      Current(chain)[chain] = step + 1;
      if (clocks_.row_[step] == kNoRow) continue;
      std::copy_n(Current(chain), clocks_.width_, Row(step));
      Wake(step);
    }
  }

  // The next crossing into `chain`.
  size_t& crossing_of(uint32_t chain) {
    if (next_crossing_.empty()) {
      next_crossing_.assign(steps_.chain_count(), 0);
      for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
        next_crossing_[c] = static_cast<size_t>(
            std::lower_bound(steps_.crossings.begin(), steps_.crossings.end(),
                             steps_.chain_begin[c],
                             [](const Crossing& crossing, Step step) {
                               return crossing.to < step;
                             }) -
            steps_.crossings.begin());
      }
    }
    return next_crossing_[chain];
  }

  // Lets `chain` know what `step` knows; false if it has to wait for that.
  bool Join(uint32_t chain, Step step) {
    const uint32_t other = steps_.chains[step];
    Step* current = Current(chain);
    if (current[other] > step) return true;
    if (next_[other] <= step) {
      waiting_[step].push_back(chain);
      return false;
    }
    const Step* row = Row(step);
    for (size_t i = 0; i < clocks_.width_; ++i) {
      current[i] = std::max(current[i], row[i]);
    }
    return true;
  }

  void Wake(Step step) {
    if (waiting_.empty()) return;
    const auto found = waiting_.find(step);
    if (found == waiting_.end()) return;
    ready_.insert(ready_.end(), found->second.begin(), found->second.end());
    waiting_.erase(found);
  }

  const SessionHistory& steps_;
  CausalClocks clocks_;
  std::vector<Step> next_;     // by chain
  std::vector<Step> current_;  // by chain: its clock
  std::vector<size_t> next_crossing_;
  std::vector<uint32_t> ready_;
  absl::flat_hash_map<Step, std::vector<uint32_t>> waiting_;
};

std::optional<CausalClocks> CausalClocks::Compute(const SessionHistory& steps) {
  return ClockSweep(steps).Run();
}

size_t CausalClocks::BytesFor(const SessionHistory& steps) {
  const auto updates = static_cast<size_t>(
      std::count(steps.kinds.begin(), steps.kinds.end(), StepKind::kUpdate));
  return steps.size() * sizeof(uint32_t) +
         (updates + steps.crossings.size()) * steps.chain_count() *
             sizeof(Step) +
         size_t{steps.chain_count()} * steps.chain_count() * sizeof(Step);
}

}  // namespace minos::checker
