// Results that cannot be.
//
// An operation is impossible at its return if
//
//  - no state fits it, of those that the operations of the history can lead to
//    (SequentialModel::IsImpossible); or
//  - it saw a value in a place that is set (see Footprint), and whatever may
//    have brought that value was certainly overwritten before. Let L be the
//    latest call of those operations that set the place and had returned when
//    it was called. What returned before L stands before the one that was
//    called then, and that one before it. So whoever brought the value returned
//    after L or not at all; and was called before it returned. The value at the
//    start will do only where there is no L; or
//  - it saw a value in a place that is added to, and no choice of the additions
//    that may or may not stand before it gives that value. What returned before
//    it was called stands before it, what was called after it returned behind
//    it; all others, info operations among them, are in doubt. The rest of the
//    sum must lie between the sum of the negative ones and that of the positive
//    ones, and be a multiple of their greatest common divisor; and where
//    that is little work, be the sum of some. If nobody knows what the place
//    held at the start, the sum is that since the operation that was the first
//    to return with a value seen there: what that may have had before it is in
//    doubt too; or
//  - it saw a sum in a place to which nothing negative was added by then, and
//    what had returned when it was called saw a larger one. (The same the other
//    way round.)
//
// All this holds in the prefix up to its return: what makes it impossible had
// returned when it was called, and what could still explain it was called
// later.

#include "checker/impossible.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/bit_rows.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoEvent = 0xFFFFFFFFu;
// In the place of an operation: none, or an info one.
constexpr uint32_t kNobody = 0xFFFFFFFFu;
constexpr uint32_t kCrashed = 0xFFFFFFFEu;
// Sums of larger amounts are not looked at: they could overflow.
constexpr int64_t kLargestAmount = int64_t{1} << 40;
// Larger sums are not compared, nor those of more additions, for the same
// reason.
constexpr int64_t kLargestSum = int64_t{1} << 61;
constexpr size_t kMostAdditions = size_t{1} << 20;
// How many words may be shifted to find out whether a sum can be.
constexpr size_t kMostShifts = 4096;

// A place that is set: who may have brought its values.
struct Bringers {
  // Of the operations that bring a value and had been called, the two that
  // return last.
  uint32_t last = kNobody;
  uint32_t last_return = 0;
  uint32_t second_return = 0;

  void Add(uint32_t operation, uint32_t return_event) {
    if (last == kNobody || return_event >= last_return) {
      second_return = last == kNobody ? 0 : last_return;
      last = operation;
      last_return = return_event;
    } else {
      second_return = std::max(second_return, return_event);
    }
  }
  // When the last of them but for `reader` returns; 0 if there is none.
  uint32_t LastReturnWithout(uint32_t reader) const {
    if (last == kNobody) return 0;
    return last == reader ? second_return : last_return;
  }
};

// Additions that may or may not be part of a sum.
class Doubt {
 public:
  void Add(int64_t amount) {
    (amount < 0 ? lowest_ : highest_) += amount;
    divisor_ = std::gcd(divisor_, amount);
    ++count_;
    const auto size = static_cast<uint64_t>(std::abs(amount));
    (size < kSmall ? of_size_[size] : large_count_) += 1;
    if (amounts_.size() < kMostShifts) amounts_.push_back(amount);
  }
  // Whether `sum` may be the sum of some of them; true where that would be much
  // work to tell.
  bool MayMake(int64_t sum) const;

  // All of them, unless there are too many.
  bool are_few() const { return amounts_.size() == count_; }
  const std::vector<int64_t>& amounts() const { return amounts_; }

 private:
  static constexpr size_t kSmall = 64;

  bool MakeAll() const;
  bool Makes(int64_t sum) const;

  int64_t lowest_ = 0;
  int64_t highest_ = 0;
  int64_t divisor_ = 0;
  size_t count_ = 0;
  std::array<uint32_t, kSmall> of_size_ = {};  // how many, by absolute amount
  uint32_t large_count_ = 0;                   // how many are larger
  std::vector<int64_t> amounts_;               // the first of them
};

bool Doubt::MayMake(int64_t sum) const {
  if (sum < lowest_ || sum > highest_) return false;
  if (divisor_ == 0) return sum == 0;
  if (sum % divisor_ != 0) return false;
  const auto width = static_cast<size_t>((highest_ - lowest_) / divisor_);
  const bool is_little = WordsFor(width) * count_ <= kMostShifts;
  return !is_little || MakeAll() || Makes(sum);
}

// Whether they are known to make all the multiples of the divisor between the
// lowest sum and the highest: while each, the smallest first, is larger by no
// more than the divisor than the sum of those before it, there is no gap.
bool Doubt::MakeAll() const {
  if (large_count_ > 0) return false;
  uint64_t sum = 0;
  for (size_t size = 1; size < kSmall; ++size) {
    if (of_size_[size] == 0) continue;
    if (size > sum + static_cast<uint64_t>(divisor_)) return false;
    sum += size * of_size_[size];
  }
  return true;
}

// Sets of sums as bits, from the lowest one on: to leave a negative amount out
// is to add its opposite.
bool Doubt::Makes(int64_t sum) const {
  const auto width = static_cast<size_t>((highest_ - lowest_) / divisor_);
  std::vector<BitWord> sums(WordsFor(width), 0);
  SetBit(sums, 0);
  for (const int64_t amount : amounts_) {
    const auto shift = static_cast<size_t>(std::abs(amount) / divisor_);
    const size_t words = shift / kBitsAWord;
    const size_t bits = shift % kBitsAWord;
    for (size_t i = sums.size(); i-- > words;) {
      BitWord shifted = sums[i - words] << bits;
      if (bits != 0 && i > words) {
        shifted |= sums[i - words - 1] >> (kBitsAWord - bits);
      }
      sums[i] |= shifted;
    }
  }
  return HasBit(sums, static_cast<size_t>((sum - lowest_) / divisor_));
}

// The additions to one place, in the order of the events.
class Additions {
 public:
  // `value` is there at the start.
  void Start(uint64_t value) {
    is_start_known_ = true;
    start_ = value;
  }
  // `return_event` is kNoEvent for an info operation.
  void Add(uint64_t amount, uint32_t return_event) {
    const auto signed_amount = static_cast<int64_t>(amount);
    is_growing_ = is_growing_ && signed_amount >= 0;
    is_shrinking_ = is_shrinking_ && signed_amount <= 0;
    ++count_;
    if (signed_amount > kLargestAmount || signed_amount < -kLargestAmount) {
      is_too_large_ = true;
    } else if (return_event == kNoEvent) {
      crashed_.Add(signed_amount);
    } else {
      recent_.push_back({signed_amount, return_event});
    }
  }
  // Whether what was called at `call`, and returns where the sweep is, may have
  // seen `value`. Nothing that is open or will be called was called before
  // `first_call`.
  bool MayShow(uint64_t value, uint32_t call, uint32_t first_call);

  // The least and the most that was seen, as far as it is noted.
  struct Seen {
    int64_t least = std::numeric_limits<int64_t>::max();
    int64_t most = std::numeric_limits<int64_t>::min();
  };
  const Seen& seen() const { return seen_; }
  void Note(uint64_t value);
  // Whether `value` may be seen after all of `before` was.
  bool MayFollow(const Seen& before, uint64_t value) const;

 private:
  struct Addition {
    int64_t amount;
    uint32_t return_event;
  };

  bool is_start_known_ = false;
  bool is_growing_ = true;    // nothing negative was added
  bool is_shrinking_ = true;  // nothing positive
  size_t count_ = 0;
  Seen seen_;
  bool is_too_large_ = false;
  uint64_t start_ = 0;
  uint64_t settled_ = 0;          // the sum of what no read can miss any more
  std::vector<Addition> recent_;  // the others that are completed
  Doubt crashed_;
  // What the first that was seen may have had before it, where nobody knows
  // what was there at the start.
  std::vector<int64_t> first_doubt_;
};

bool Additions::MayShow(uint64_t value, uint32_t call, uint32_t first_call) {
  if (is_too_large_) return true;
  std::erase_if(recent_, [&](const Addition& addition) {
    if (addition.return_event >= first_call) return false;
    settled_ += static_cast<uint64_t>(addition.amount);
    return true;
  });
  uint64_t certain = settled_;
  Doubt doubt = crashed_;
  for (const Addition& addition : recent_) {
    if (addition.return_event < call) {
      certain += static_cast<uint64_t>(addition.amount);
    } else {
      doubt.Add(addition.amount);
    }
  }
  if (!is_start_known_) {
    is_start_known_ = true;
    start_ = value - certain;
    first_doubt_ = doubt.amounts();
    is_too_large_ = !doubt.are_few();
    return true;
  }
  for (const int64_t amount : first_doubt_) doubt.Add(-amount);
  return doubt.MayMake(static_cast<int64_t>(value - start_ - certain));
}

void Additions::Note(uint64_t value) {
  const auto seen = static_cast<int64_t>(value);
  if (seen > kLargestSum || seen < -kLargestSum) return;
  seen_.least = std::min(seen_.least, seen);
  seen_.most = std::max(seen_.most, seen);
}

// Sums are modulo 2^64. Where two of them, and all that is added between, are
// far less than that, they are in the order of their values.
bool Additions::MayFollow(const Seen& before, uint64_t value) const {
  const auto seen = static_cast<int64_t>(value);
  if (is_too_large_ || count_ > kMostAdditions || seen > kLargestSum ||
      seen < -kLargestSum) {
    return true;
  }
  return !(is_growing_ && seen < before.most) &&
         !(is_shrinking_ && seen > before.least);
}

// Sweeps over the events.
class Sweep {
 public:
  Sweep(const Timeline& timeline, SequentialModel& model)
      : timeline_(timeline),
        model_(model),
        calls_(timeline.operations().size(), 0),
        first_seen_(timeline.operations().size(), 0) {}

  std::optional<uint32_t> Run(Budget* budget);

 private:
  // What is known of a place.
  struct Place {
    std::optional<uint64_t> start;
    // One more than the latest call of what had returned and set it; 0 if
    // nothing had.
    uint32_t overwritten = 0;
    bool is_added_to = false;
    Additions additions;
  };

  Place& PlaceOf(uint32_t place);
  const Footprint& FootprintOf(ActionId action);
  void Call(uint32_t operation, uint32_t event);
  void Bring(const Footprint& footprint, uint32_t operation,
             uint32_t return_event);
  bool MayReturn(uint32_t operation);
  bool MayBeSet(const Footprint::Part& part, uint32_t operation,
                uint32_t overwritten) const;
  uint32_t FirstCall() const;

  const Timeline& timeline_;
  SequentialModel& model_;
  StateId initial_ = 0;
  Footprint footprint_;  // that was asked for last
  absl::flat_hash_map<uint32_t, Place> places_;
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, Bringers> bringers_;
  // By operation: its call, and where what had been overwritten when it was
  // called begins, one for each place that it saw.
  std::vector<uint32_t> calls_;
  std::vector<uint32_t> first_seen_;
  std::vector<uint32_t> overwritten_;
  // What had been seen when it was called, at the same places; no more than is
  // needed where nothing is added.
  std::vector<Additions::Seen> seen_before_;
  std::vector<uint32_t> open_;
};

const Footprint& Sweep::FootprintOf(ActionId action) {
  footprint_.sees.clear();
  footprint_.sets.clear();
  footprint_.adds.clear();
  model_.FindFootprint(action, footprint_);
  return footprint_;
}

Sweep::Place& Sweep::PlaceOf(uint32_t place) {
  const auto [entry, is_new] = places_.try_emplace(place);
  if (is_new) {
    entry->second.start = model_.Lookup(initial_, place);
    if (entry->second.start) {
      entry->second.additions.Start(*entry->second.start);
    }
  }
  return entry->second;
}

void Sweep::Bring(const Footprint& footprint, uint32_t operation,
                  uint32_t return_event) {
  for (const Footprint::Part& set : footprint.sets) {
    bringers_[{set.place, set.value}].Add(operation, return_event);
  }
  for (const Footprint::Part& add : footprint.adds) {
    Place& place = PlaceOf(add.place);
    place.is_added_to = true;
    place.additions.Add(add.value, return_event);
  }
}

void Sweep::Call(uint32_t operation, uint32_t event) {
  calls_[operation] = event;
  open_.push_back(operation);
  const TimedOperation& called = timeline_.operations()[operation];
  const Footprint& footprint = FootprintOf(called.action);
  first_seen_[operation] = static_cast<uint32_t>(overwritten_.size());
  for (const Footprint::Part& seen : footprint.sees) {
    const Place& place = PlaceOf(seen.place);
    overwritten_.push_back(place.overwritten);
    if (place.is_added_to) {
      seen_before_.resize(overwritten_.size());
      seen_before_.back() = place.additions.seen();
    }
  }
  Bring(footprint, operation, called.return_event);
}

uint32_t Sweep::FirstCall() const {
  uint32_t first = kNoEvent;
  for (const uint32_t operation : open_) {
    first = std::min(first, calls_[operation]);
  }
  return first;
}

bool Sweep::MayBeSet(const Footprint::Part& part, uint32_t operation,
                     uint32_t overwritten) const {
  const Place& place = places_.at(part.place);
  if (overwritten == 0 && (!place.start || *place.start == part.value)) {
    return true;
  }
  const auto bringers = bringers_.find({part.place, part.value});
  if (bringers == bringers_.end()) return false;
  const uint32_t last = bringers->second.LastReturnWithout(operation);
  return last > 0 && last >= overwritten;
}

// Whether `operation`, which returns now, may do so with its result.
bool Sweep::MayReturn(uint32_t operation) {
  const TimedOperation& returning = timeline_.operations()[operation];
  if (model_.IsImpossible(returning.action)) return false;
  const Footprint& footprint = FootprintOf(returning.action);
  const uint32_t call = calls_[operation];
  for (size_t i = 0; i < footprint.sees.size(); ++i) {
    const Footprint::Part& seen = footprint.sees[i];
    Place& place = PlaceOf(seen.place);
    const size_t at = first_seen_[operation] + i;
    const bool may_be =
        place.is_added_to
            ? place.additions.MayShow(seen.value, call, FirstCall()) &&
                  (at >= seen_before_.size() ||
                   place.additions.MayFollow(seen_before_[at], seen.value))
            : MayBeSet(seen, operation, overwritten_[at]);
    if (!may_be) return false;
    if (place.is_added_to) place.additions.Note(seen.value);
  }
  for (const Footprint::Part& set : footprint.sets) {
    Place& place = PlaceOf(set.place);
    place.overwritten = std::max(place.overwritten, call + 1);
  }
  std::erase(open_, operation);
  return true;
}

std::optional<uint32_t> Sweep::Run(Budget* budget) {
  initial_ = model_.InitialState();
  for (uint32_t i = 0; i < timeline_.event_count(); ++i) {
    if (budget != nullptr && budget->Exhausted()) break;
    const TimelineEvent event = timeline_.event(i);
    switch (event.type) {
      case TimelineEvent::Type::kCall:
        Call(event.subject, i);
        break;
      case TimelineEvent::Type::kReturn:
        if (!MayReturn(event.subject)) return event.subject;
        break;
      case TimelineEvent::Type::kCrash:
        Bring(FootprintOf(timeline_.crashes()[event.subject].action), kCrashed,
              kNoEvent);
        break;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<uint32_t> FindImpossible(const Timeline& timeline,
                                       SequentialModel& model, Budget* budget) {
  return Sweep(timeline, model).Run(budget);
}

}  // namespace minos::checker
