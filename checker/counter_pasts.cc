// Two sets go along a session. Its base is what its next read must see: with
// read-your-writes its own updates with their pasts, with monotonic reads what
// its reads have seen. What is brought is what its next update takes into its
// past: with monotonic writes its earlier updates with their pasts, with
// writes-follow-reads the pasts of all that its reads have seen. So the past of
// an update is what was brought when it was called, and the update itself.
//
// A past is closed, since it is made of closed ones. What a read saw is closed
// within its own key only: where there are several, the pasts of what it saw
// have to be joined one by one.

#include "checker/counter_pasts.h"

#include <algorithm>

namespace minos::checker {
namespace {

// How many rows Start reads and writes.
constexpr size_t kRowsAStart = 4;

}  // namespace

CounterPasts::CounterPasts(const SessionHistory& steps,
                           const CounterUpdates& updates, RuleSet rules,
                           const std::vector<bool>* witnesses, Effort& effort)
    : steps_(steps),
      updates_(updates),
      witnesses_(witnesses),
      effort_(effort),
      own_seen_(Has(rules, kOwnWritesSeen)),
      seen_stays_(Has(rules, kSeenStaysSeen)),
      earlier_seen_(Has(rules, kEarlierWritesSeen)),
      reads_seen_(Has(rules, kReadWritesSeen)),
      words_(WordsFor(updates.size())),
      pasts_(updates.size(), words_),
      bases_(steps.size(), words_),
      brought_(steps.size(), words_) {}

size_t CounterPasts::BytesFor(size_t steps, size_t updates) {
  return (2 * steps + updates) * WordsFor(updates) * sizeof(BitWord);
}

void CounterPasts::Start(Step step) {
  effort_.Spend(kRowsAStart * words_);
  const std::span<BitWord> base = bases_[step];
  const std::span<BitWord> brought = brought_[step];
  if (step > steps_.chain_begin[steps_.chains[step]]) {
    std::copy_n(bases_[step - 1].begin(), words_, base.begin());
    std::copy_n(brought_[step - 1].begin(), words_, brought.begin());
  } else {
    std::fill(base.begin(), base.end(), 0);
    std::fill(brought.begin(), brought.end(), 0);
  }
  for (const Crossing& crossing : steps_.CrossingsTo(step)) {
    JoinBits(base, bases_[crossing.from]);
    JoinBits(brought, brought_[crossing.from]);
  }
}

void CounterPasts::FinishUpdate(Step update) {
  const uint32_t number = updates_.NumberOf(update);
  const std::span<BitWord> past = pasts_[number];
  std::copy_n(brought_[update].begin(), words_, past.begin());
  SetBit(past, number);
  if (earlier_seen_) JoinBits(brought_[update], past);
  if (own_seen_) JoinBits(bases_[update], past);
}

void CounterPasts::FinishRead(Step read, std::span<const BitWord> seen) {
  if (seen_stays_) JoinBits(bases_[read], seen);
  if (!reads_seen_) return;
  const std::span<BitWord> brought = brought_[read];
  if (steps_.key_names.size() == 1 && IsWitness(read)) {
    return JoinBits(brought, seen);
  }
  for (const uint32_t update : updates_.OfKeyOf(read)) {
    if (HasBit(seen, update) && !HasBit(brought, update)) {
      JoinBits(brought, pasts_[update]);
      effort_.Spend(words_);
    }
  }
  effort_.Spend(updates_.OfKeyOf(read).size());
}

}  // namespace minos::checker
