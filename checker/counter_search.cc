// A sum does not tell who made it: what a read saw is any set of updates with
// that sum, and each choice binds what the rules make others see. The question
// is NP-complete already for one read (subset sum).
//
// So it is searched, depth first. Reads are taken in the order of their returns
// and updates in that of their calls; so when a read is decided, all is known
// about the updates that it may have seen: what each brings along. The least
// that the rules force the read to see is its base, and the search adds
// candidates, each with its past, until the sum is right. An update once
// decided not to be seen by this read is not seen through another one either.
// Candidates are tried in the order of their returns: what a store had been
// told long ago most of its replicas know, and the sets of different reads
// come out nested.
//
// More than the sum needs is never added: a set without a surplus that sums to
// zero forces less on everybody and leaves the surplus for later reads to add.
// Where no rule looks past an update (neither monotonic writes nor
// writes-follow-reads), updates of other sessions with equal amounts are
// interchangeable, so of equals only one is tried; then the keys are
// independent too. And without writes-follow-reads the sessions are, without
// monotonic reads the reads.
//
// Sets of updates are bits. A decided read costs O(updates), and the search is
// bounded by a count of steps.

#include "checker/counter_search.h"

#include <algorithm>
#include <span>
#include <utility>

#include "checker/counter_pairs.h"

namespace minos::checker {
namespace {

// How many words and candidates the search may look at, and how many more for
// each step and update.
constexpr size_t kEffort = 30'000'000;
constexpr size_t kEffortAPair = 40;

}  // namespace

CounterSearch::CounterSearch(const SessionHistory& steps, RuleSet rules,
                             const std::vector<bool>* witnesses, Budget& budget)
    : steps_(steps),
      budget_(budget),
      initial_(InitialSum(steps)),
      updates_(steps),
      words_(WordsFor(updates_.size())),
      effort_(kEffort + kEffortAPair * steps.size() * updates_.size()),
      pasts_(steps, updates_, rules, witnesses, effort_) {}

size_t CounterSearch::BytesFor(const SessionHistory& steps) {
  const auto updates = static_cast<size_t>(
      std::count(steps.kinds.begin(), steps.kinds.end(), StepKind::kUpdate));
  return CounterPasts::BytesFor(steps.size(), updates);
}

void CounterSearch::PrepareUpdates() {
  CollectItems(kAllSessions);
  for (const Step step : items_) {
    pasts_.Start(step);
    if (!steps_.IsRead(step)) pasts_.FinishUpdate(step);
  }
}

CounterSearch::Answer CounterSearch::Run(uint32_t session) {
  CollectItems(session);
  choices_.clear();
  furthest_ = 0;
  size_t item = 0;
  bool is_resumed = false;
  while (item < items_.size()) {
    if (is_resumed || Advance(item)) {
      is_resumed = false;
      ++item;
      continue;
    }
    furthest_ = std::max(furthest_, item);
    if (IsOut()) return Answer::kGaveUp;
    // Resume comes back without a way also where it was cut short.
    if (!Resume(item)) return IsOut() ? Answer::kGaveUp : Answer::kNone;
    is_resumed = true;
  }
  return Answer::kFound;
}

void CounterSearch::CollectItems(uint32_t session) {
  items_.clear();
  for (uint32_t chain = 0; chain < steps_.chain_count(); ++chain) {
    if (session != kAllSessions && steps_.chain_session[chain] != session) {
      continue;
    }
    for (Step step = steps_.chain_begin[chain];
         step < steps_.chain_begin[chain + 1]; ++step) {
      items_.push_back(step);
    }
  }
  const auto place = [&](Step step) {
    return steps_.IsRead(step) ? steps_.end(step) : steps_.call(step);
  };
  std::sort(items_.begin(), items_.end(), [&](Step a, Step b) {
    return std::pair(place(a), a) < std::pair(place(b), b);
  });
}

bool CounterSearch::Advance(size_t item) {
  const Step step = items_[item];
  pasts_.Start(step);
  if (!steps_.IsRead(step)) {
    pasts_.FinishUpdate(step);
    return true;
  }
  seen_.assign(words_, 0);
  excluded_.assign(words_, 0);
  if (pasts_.IsWitness(step)) JoinBits(seen_, pasts_.Base(step));
  if (IsOwnSum(steps_, step)) See(step, updates_.NumberOf(step - 1));
  if (!ApplyVersion(step)) return false;
  int64_t need = steps_.amounts[step] - initial_;
  for (const uint32_t update : updates_.OfKeyOf(step)) {
    if (HasBit(seen_, update)) need -= updates_.Amount(update);
  }
  return Explain(item, 0, need);
}

bool CounterSearch::Resume(size_t& item) {
  while (!choices_.empty()) {
    Choice choice = std::move(choices_.back());
    choices_.pop_back();
    item = choice.item;
    const Step read = items_[item];
    pasts_.Start(read);
    seen_ = std::move(choice.seen);
    excluded_ = std::move(choice.excluded);
    Exclude(read, choice.position);
    if (Explain(item, choice.position + 1, choice.need)) return true;
    if (IsOut()) return false;
  }
  return false;
}

// Lets the read see `update` and what it brings along.
void CounterSearch::See(Step read, uint32_t update) {
  if (pasts_.IsPlain(read)) return SetBit(seen_, update);
  JoinBits(seen_, pasts_.Of(update));
  effort_.Spend(words_);
}

// What the version of `read` says; false if that cannot be.
bool CounterSearch::ApplyVersion(Step read) {
  const int64_t read_version = updates_.VersionOf(read);
  if (read_version == kNoVersion) return true;
  for (const uint32_t update : updates_.OfKeyOf(read)) {
    const int64_t version = updates_.VersionOf(updates_.StepOf(update));
    if (version == kNoVersion) continue;
    if (version > read_version) {
      SetBit(excluded_, update);
    } else if (!IsEligible(read, update)) {
      return false;
    } else {
      See(read, update);
    }
  }
  return !BitsMeet(seen_, excluded_);
}

bool CounterSearch::IsEligible(Step read, uint32_t update) const {
  return steps_.call(updates_.StepOf(update)) < steps_.end(read);
}

bool CounterSearch::IsCandidate(Step read, uint32_t update) const {
  return !HasBit(seen_, update) && !HasBit(excluded_, update) &&
         IsEligible(read, update);
}

// What the candidates from `position` on can make.
SumRange CounterSearch::Rest(Step read, size_t position) {
  const std::span<const uint32_t> candidates = updates_.OfKeyOf(read);
  SumRange rest;
  for (size_t p = position; p < candidates.size(); ++p) {
    const uint32_t update = candidates[p];
    if (IsCandidate(read, update)) rest.Add(updates_.Amount(update));
  }
  effort_.Spend(candidates.size() - std::min(position, candidates.size()));
  return rest;
}

// Adds candidates from `position` on until `need` is met; false if none do.
bool CounterSearch::Explain(size_t item, size_t position, int64_t need) {
  const Step read = items_[item];
  const std::span<const uint32_t> candidates = updates_.OfKeyOf(read);
  SumRange rest = Rest(read, position);
  for (; need != 0; ++position) {
    if (effort_.IsSpent() || !rest.Contains(need)) return false;
    const uint32_t update = candidates[position];
    effort_.Spend(1);
    if (!IsCandidate(read, update)) continue;
    rest.Remove(updates_.Amount(update));
    if (updates_.Amount(update) == 0) continue;
    if (!TryToSee(item, position, need, rest)) {
      Exclude(read, position);
      if (may_swap_) rest = Rest(read, position + 1);
    }
  }
  pasts_.FinishRead(read, seen_);
  // Nothing that was chosen for a read that binds no other is taken back.
  if (!pasts_.Binds(read)) choices_.clear();
  return true;
}

// Sees the candidate, unless that leads nowhere.
bool CounterSearch::TryToSee(size_t item, size_t position, int64_t& need,
                             SumRange& rest) {
  const Step read = items_[item];
  if (!pasts_.IsPlain(read)) {
    return TryToSeeWithPast(item, position, need, rest);
  }
  const uint32_t update = updates_.OfKeyOf(read)[position];
  const int64_t after = need - updates_.Amount(update);
  if (!rest.Contains(after)) return false;
  Push(item, position, need);
  SetBit(seen_, update);
  need = after;
  return true;
}

bool CounterSearch::TryToSeeWithPast(size_t item, size_t position,
                                     int64_t& need, SumRange& rest) {
  const Step read = items_[item];
  const std::span<const uint32_t> candidates = updates_.OfKeyOf(read);
  const std::span<const BitWord> past = pasts_.Of(candidates[position]);
  effort_.Spend(words_);
  if (BitsMeet(past, excluded_)) return false;
  int64_t change = 0;
  for (const uint32_t other : candidates) {
    if (HasBit(past, other) && !HasBit(seen_, other)) {
      change += updates_.Amount(other);
    }
  }
  effort_.Spend(candidates.size());
  Push(item, position, need);
  JoinBits(seen_, past);
  const SumRange after = Rest(read, position + 1);
  if (!after.Contains(need - change)) {
    seen_ = std::move(choices_.back().seen);
    choices_.pop_back();
    return false;
  }
  need -= change;
  rest = after;
  return true;
}

void CounterSearch::Push(size_t item, size_t position, int64_t need) {
  choices_.push_back({item, position, need, seen_, excluded_});
  effort_.Spend(2 * words_);
}

// Leaves the candidate out, and those that could stand for it.
void CounterSearch::Exclude(Step read, size_t position) {
  const uint32_t update = updates_.OfKeyOf(read)[position];
  SetBit(excluded_, update);
  may_swap_ =
      pasts_.IsPlain(read) && !updates_.has_versions() &&
      !pasts_.reads_seen() &&
      steps_.SessionOf(updates_.StepOf(update)) != steps_.SessionOf(read);
  if (may_swap_) ExcludeEquals(read, position);
}

void CounterSearch::ExcludeEquals(Step read, size_t position) {
  const std::span<const uint32_t> candidates = updates_.OfKeyOf(read);
  const int64_t amount = updates_.Amount(candidates[position]);
  for (size_t p = position + 1; p < candidates.size(); ++p) {
    const uint32_t other = candidates[p];
    if (updates_.Amount(other) == amount &&
        steps_.SessionOf(updates_.StepOf(other)) != steps_.SessionOf(read) &&
        !HasBit(seen_, other)) {
      SetBit(excluded_, other);
    }
  }
  effort_.Spend(candidates.size() - position);
}

}  // namespace minos::checker
