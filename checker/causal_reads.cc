#include "checker/causal_reads.h"

#include <algorithm>
#include <span>

namespace minos::checker {

CausalReads::CausalReads(const SessionHistory& steps,
                         const CausalClocks& clocks, bool initial_first)
    : steps_(steps),
      clocks_(clocks),
      initial_first_(initial_first),
      latest_(steps.key_names.size()) {
  for (uint32_t chain = 0; chain < steps.chain_count(); ++chain) {
    begin_.push_back(static_cast<uint32_t>(updates_.size()));
    for (Step step = steps.chain_begin[chain];
         step < steps.chain_begin[chain + 1]; ++step) {
      if (!steps.IsRead(step)) updates_.push_back({step, steps.keys[step]});
    }
  }
  begin_.push_back(static_cast<uint32_t>(updates_.size()));
}

size_t CausalReads::MemoryBytes() const {
  return updates_.capacity() * sizeof(Update) +
         latest_.capacity() *
             (sizeof(std::vector<Latest>) + 4 * sizeof(Latest));
}

void CausalReads::Sweep(uint32_t chain, Budget& budget) {
  for (std::vector<Latest>& latest : latest_) latest.clear();
  next_.assign(begin_.begin(), begin_.end() - 1);
  auto crossing = std::lower_bound(
      steps_.crossings.begin(), steps_.crossings.end(),
      steps_.chain_begin[chain],
      [](const Crossing& a, Step step) { return a.to < step; });
  for (Step step = steps_.chain_begin[chain];
       step < steps_.chain_begin[chain + 1] && !budget.Exhausted(); ++step) {
    for (; crossing != steps_.crossings.end() && crossing->to == step;
         ++crossing) {
      Learn(crossing->from);
    }
    if (!steps_.IsRead(step)) {
      Arrive(updates_[next_[chain]++], chain);
      continue;
    }
    Judge(step);
    if (IsStep(steps_.sources[step])) Learn(steps_.sources[step]);
  }
}

bool CausalReads::HasArrived(Step update) const {
  const uint32_t chain = steps_.chains[update];
  return next_[chain] == begin_[chain + 1] ||
         updates_[next_[chain]].step > update;
}

void CausalReads::Learn(Step step) {
  const std::span<const Step> clock = clocks_.ClockOf(step);
  for (uint32_t chain = 0; chain < clock.size(); ++chain) {
    uint32_t& next = next_[chain];
    while (next < begin_[chain + 1] && updates_[next].step < clock[chain]) {
      Arrive(updates_[next++], chain);
    }
  }
}

void CausalReads::Arrive(const Update& update, uint32_t chain) {
  std::vector<Latest>& latest = latest_[update.key];
  const Step* clock = clocks_.ClockOf(update.step).data();
  size_t kept = 0;
  for (const Latest& other : latest) {
    if (clock[other.chain] <= other.step) latest[kept++] = other;
  }
  latest.resize(kept);
  latest.push_back({update.step, chain});
}

void CausalReads::Judge(Step read) {
  const std::vector<Latest>& latest = latest_[steps_.keys[read]];
  const Step source = steps_.sources[read];
  if (source == kInitialStep) {
    if (initial_first_ && !latest.empty()) {
      found_.push_back({latest.front().step, source, read});
    }
    return;
  }
  if (!IsStep(source)) return;
  for (const Latest& other : latest) {
    if (!clocks_.Precedes(source, steps_.chains[source], other.step)) continue;
    found_.push_back({other.step, source, read});
    return;
  }
}

}  // namespace minos::checker
