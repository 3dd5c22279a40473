// Within one session hb is decided by one number for each step: its rank, the
// position of the first of the session's own steps that it is hb before. hb is
// transitive, so what is hb before a step of rank p has rank p or less; the set
// that the own read at position i sees is {w : rank(w) ≤ i}; and the rule
// "w hb r, so w before rf(r)" says
//
//   for each own read r of key k at position i that returned v, and each other
//   write w of k:   rank(w) ≤ i   implies   rank(w) ≤ rank(v).
//
// Ranks start as causality makes them and only fall, until the rule holds: the
// least hb. A fall spreads to what causally precedes the write: back along its
// chain, and to what the reads there had returned. One pass of the rule takes
// the steps in the order of their ranks and keeps, for each key, the latest
// write seen of each chain; passes are repeated until nothing falls (one pass
// in a history where nothing falls, rarely more than three). A pass costs
// O(n + own reads · chains), so all sessions together O(n · chains) a pass.
//
// Where real time or versions order the writes of a key for everybody, that
// order is part of every hb, as causality is: a fall spreads along it too.

#include "checker/ranked_session.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace minos::checker {
namespace {

constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();

}  // namespace

SessionDemands RankedSession::Saturate(uint32_t chain) {
  chain_ = chain;
  begin_ = steps_.chain_begin[chain];
  end_ = steps_.chain_begin[chain + 1];
  StartRanks();
  SessionDemands result;
  do {
    fell_ = false;
    result = Pass();
  } while (fell_ && !budget_.Exhausted());
  return result;
}

void RankedSession::StartRanks() {
  rank_.assign(steps_.size(), kNever);
  for (Step own = begin_; own < end_; ++own) {
    const uint32_t position = own - begin_;
    rank_[own] = position;
    if (steps_.IsRead(own) && IsStep(steps_.sources[own])) {
      Lower(steps_.sources[own], position);
    }
    if (!steps_.IsRead(own)) LowerBefore(own, position);
  }
}

void RankedSession::Lower(Step step, uint32_t position) {
  stack_.push_back(step);
  while (!stack_.empty()) {
    Step at = stack_.back();
    stack_.pop_back();
    const Step chain_begin = steps_.chain_begin[steps_.chains[at]];
    // An own step keeps its position; a write of ours before our earlier step
    // is a cycle, which its demand shows.
    if (steps_.chains[at] == chain_) continue;
    while (rank_[at] > position) {
      rank_[at] = position;
      if (steps_.IsRead(at) && IsStep(steps_.sources[at]) &&
          rank_[steps_.sources[at]] > position) {
        stack_.push_back(steps_.sources[at]);
      }
      for (const Crossing& crossing : steps_.CrossingsTo(at)) {
        stack_.push_back(crossing.from);
      }
      if (!before_.empty()) {
        for (const auto& [write, other] : before_.Of(at)) {
          if (rank_[other] > position) stack_.push_back(other);
        }
      }
      if (at == chain_begin) break;
      --at;
    }
  }
}

void RankedSession::SortByRank() {
  const uint32_t positions = end_ - begin_;
  bucket_.assign(size_t{positions} + 1, 0);
  for (Step step = 0; step < steps_.size(); ++step) {
    if (rank_[step] != kNever && !steps_.IsRead(step)) ++bucket_[rank_[step]];
  }
  uint32_t sum = 0;
  for (uint32_t& count : bucket_) sum += std::exchange(count, sum);
  sorted_.resize(sum);
  for (Step step = 0; step < steps_.size(); ++step) {
    if (rank_[step] != kNever && !steps_.IsRead(step)) {
      sorted_[bucket_[rank_[step]]++] = step;
    }
  }
}

void RankedSession::See(Step update) {
  std::vector<Step>& latest = latest_[steps_.keys[update]];
  if (latest.empty()) touched_.push_back(steps_.keys[update]);
  for (Step& other : latest) {
    if (steps_.chains[other] != steps_.chains[update]) continue;
    other = std::max(other, update);
    return;
  }
  latest.push_back(update);
}

SessionDemands RankedSession::Pass() {
  SessionDemands result;
  for (const uint32_t key : touched_) latest_[key].clear();
  touched_.clear();
  SortByRank();
  size_t next = 0;
  for (Step own = begin_; own < end_; ++own) {
    const uint32_t position = own - begin_;
    // What fell during this pass was sorted at its old place; the next pass
    // sees it where it belongs.
    while (next < sorted_.size() && rank_[sorted_[next]] <= position) {
      See(sorted_[next++]);
    }
    if (steps_.IsRead(own)) Judge(own, result);
    if (budget_.Exhausted()) break;
  }
  return result;
}

void RankedSession::Judge(Step read, SessionDemands& result) {
  const Step source = steps_.sources[read];
  const std::vector<Step>& latest = latest_[steps_.keys[read]];
  if (source == kInitialStep && !latest.empty() &&
      result.blind_read == kNoStep) {
    result.blind_read = read;
    result.seen_update = latest.front();
  }
  if (!IsStep(source)) return;
  for (const Step update : latest) {
    if (update == source) continue;
    result.demands.push_back({update, source, read});
    if (rank_[update] > rank_[source] && steps_.chains[update] != chain_) {
      Lower(update, rank_[source]);
      fell_ = true;
    }
  }
}

}  // namespace minos::checker
