// An order of the operations of a set, by going from what one read shows to
// what the next one shows.
//
// The events are gone through in their order, and an operation is given its
// place as late as can be: when it returns (Lowe's just-in-time linearization),
// or when another one needs it. What only looks takes its place as soon as it
// fits, which never hurts. An element comes and goes once, so an operation that
// must take its place tells most of what has to come before it:
//  - a removal: the addition, and all that saw the element;
//  - what saw the element: the addition; what missed it though it was there all
//    the while: the removal;
//  - a read: the removals of what it does not show and the additions of what it
//    shows. Of several reads that have to come first the one that shares most
//    with the set as it is goes first: what it shares and another one does not
//    must be removed between them.
// What is left open is whether a read that does not show an element comes
// before its addition, when that takes its place, or after its removal.
//  - It cannot come after, if there is no removal or that was called too late;
//    or if a read that shows the element lacks something that is there now and
//    that this read shows.
//  - It cannot come before, if something that it needs was not called yet, or
//    something that must have gone is still needed.
//  - Else the nearer one in time is supposed. Such a supposition is remembered;
//    where nothing fits any more the last one that was not yet turned is turned
//    into its contrary, and all goes on from the event at which it was made.
//
// What comes out is a linearization: each step was one of the set, taken
// between the call and the return of the operation. That nothing comes out says
// nothing.
//
// Cost. O(n log n + the size of all reads), and for each addition O(1) for each
// read that is open then and does not show the element; for those that can come
// on either side, O(the size of the set). It is given up when kMostTurns
// suppositions were turned without getting further. About 80 bytes an
// operation.

#include "checker/deciders/snapshot_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "checker/effort.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;
using Kind = SetOperations::Kind;
using Use = SetOperations::Use;

constexpr uint32_t kNone = SetOperations::kNone;
constexpr size_t kMostTurns = 10'000;
// Steps of looking at sets, for each operation, before it is given up.
constexpr size_t kEffortAnOperation = 2000;

class SnapshotOrder {
 public:
  SnapshotOrder(const SetOperations& operations,
                const std::vector<ElementFacts>& facts, Moment last,
                Budget& budget);

  bool Run();
  std::vector<OpIndex> Linearization() const;

 private:
  enum class State : uint8_t { kAbsent, kPresent, kGone };
  // A call or a return.
  struct Event {
    Moment moment;
    uint32_t use;
  };
  // That a read comes before the addition of an element, or after its removal.
  struct Supposition {
    uint32_t read;
    uint32_t element;
    bool is_before;
    bool is_turned;
    size_t event;
    size_t changes;  // how many there were before that event
  };
  // What can be undone.
  struct Change {
    enum class What : uint8_t { kCame, kWent, kCalled, kWaited, kTook, kWoke };
    What what;
    uint32_t which;
    uint32_t old;
  };

  void MakeEvents(Moment last);
  void EstimateTimes();
  void IndexSeers();
  bool IsPlaced(uint32_t use) const { return is_placed_[use]; }
  bool HasReturn(const Use& use) const {
    return use.end <= last_ && use.end != kNever;
  }
  bool Shows(uint32_t read, uint32_t element) const;

  void Call(uint32_t use);
  bool Return(uint32_t use);
  bool PlaceAdd(uint32_t element);
  bool PlaceRemoval(uint32_t element);
  bool PlaceRead(uint32_t use);
  void Place(uint32_t use);
  void Come(uint32_t element);
  void Go(uint32_t element);
  void Wake(uint32_t element);
  void PlaceFittingReads();
  bool Fits(uint32_t use);

  uint32_t FirstToNeed(uint32_t element, uint32_t best);
  size_t Shared(uint32_t use);
  bool IsEarlier(uint32_t a, uint32_t b);
  std::optional<bool> IsBefore(uint32_t use, uint32_t element);
  bool CanComeAfter(uint32_t use, uint32_t element);
  bool CanComeNow(uint32_t use);

  void Undo(size_t changes);
  bool Turn(size_t& event);

  const SetOperations& operations_;
  const std::vector<ElementFacts>& facts_;
  Moment last_;
  Budget& budget_;
  std::vector<Event> events_;
  std::vector<uint64_t> hash_of_read_;
  std::vector<Moment> time_of_read_;  // where it probably took place
  std::vector<Moment> middle_;        // of the time that an element was there
  std::vector<uint32_t> seers_;       // uses, by element
  std::vector<uint32_t> seers_begin_;

  Moment now_ = kStart;
  std::vector<State> state_;            // by element
  std::vector<uint32_t> place_in_set_;  // by element
  std::vector<uint32_t> set_;           // the elements that are there
  uint64_t hash_ = 0;
  std::vector<bool> is_placed_;         // by use
  std::vector<bool> is_busy_;           // by use: being given its place
  std::vector<uint32_t> open_reads_;    // called, not placed
  std::vector<uint32_t> waiting_;       // by element: uses that only look
  std::vector<uint32_t> next_waiting_;  // by use
  std::vector<uint32_t> order_;         // uses
  std::vector<Change> changes_;
  std::vector<Supposition> suppositions_;
  size_t cursor_ = 0;  // which supposition is made next
  size_t event_ = 0;
  size_t changes_before_event_ = 0;
  Effort effort_;
  std::vector<uint32_t> mark_;  // by element
  uint32_t marks_ = 0;
};

uint64_t HashOf(uint32_t element) { return MixHash(uint64_t{element} + 1); }

SnapshotOrder::SnapshotOrder(const SetOperations& operations,
                             const std::vector<ElementFacts>& facts,
                             Moment last, Budget& budget)
    : operations_(operations),
      facts_(facts),
      last_(last),
      budget_(budget),
      state_(operations.size(), State::kAbsent),
      place_in_set_(operations.size(), kNone),
      is_placed_(operations.uses.size(), false),
      is_busy_(operations.uses.size(), false),
      waiting_(operations.size(), kNone),
      next_waiting_(operations.uses.size(), kNone),
      effort_((operations.uses.size() + 1) * kEffortAnOperation),
      mark_(operations.size(), 0) {
  MakeEvents(last);
  IndexSeers();
  EstimateTimes();
  for (uint32_t x = 0; x < operations.size(); ++x) {
    if (operations.was_there[x]) Come(x);
  }
  changes_.clear();
}

void SnapshotOrder::MakeEvents(Moment last) {
  for (uint32_t i = 0; i < operations_.uses.size(); ++i) {
    const Use& use = operations_.uses[i];
    if (use.call > last) break;
    // An update that has not returned takes place only where it is needed.
    if (!HasReturn(use)) continue;
    events_.push_back({use.call, i});
    events_.push_back({use.end, i});
  }
  std::sort(events_.begin(), events_.end(),
            [](const Event& a, const Event& b) { return a.moment < b.moment; });
}

// The uses that saw each element and have returned.
void SnapshotOrder::IndexSeers() {
  seers_begin_.assign(operations_.size() + 1, 0);
  const auto for_each_seen = [this](const auto& visit) {
    for (uint32_t i = 0; i < operations_.uses.size(); ++i) {
      const Use& use = operations_.uses[i];
      if (use.call > last_) break;
      if (use.kind != Kind::kRead || !HasReturn(use)) continue;
      for (const uint32_t x : operations_.Shown(use.subject)) visit(x, i);
    }
  };
  for_each_seen([this](uint32_t x, uint32_t) { ++seers_begin_[x + 1]; });
  for (size_t x = 0; x < operations_.size(); ++x) {
    seers_begin_[x + 1] += seers_begin_[x];
  }
  seers_.resize(seers_begin_.back());
  std::vector<uint32_t> next(seers_begin_.begin(), seers_begin_.end() - 1);
  for_each_seen([&](uint32_t x, uint32_t use) { seers_[next[x]++] = use; });
}

// Moments are below 2^32, so the sum of two may not be.
Moment Between(Moment a, Moment b) {
  return static_cast<Moment>((uint64_t{a} + b) / 2);
}

void SnapshotOrder::EstimateTimes() {
  const size_t reads = operations_.shown_begin.size() - 1;
  hash_of_read_.assign(reads, 0);
  time_of_read_.assign(reads, kStart);
  std::vector<Moment> come_by(operations_.size());
  std::vector<Moment> go_from(operations_.size());
  for (size_t x = 0; x < operations_.size(); ++x) {
    come_by[x] = facts_[x].ComesBy();
    go_from[x] = std::max(
        facts_[x].removal_call == kNever ? kStart : facts_[x].removal_call,
        facts_[x].last_seen);
  }
  for (const Use& use : operations_.uses) {
    if (use.kind != Kind::kRead || use.end > last_) continue;
    Moment earliest = use.call;
    Moment latest = use.end;
    for (const uint32_t x : operations_.Shown(use.subject)) {
      hash_of_read_[use.subject] ^= HashOf(x);
      earliest = std::max(earliest, facts_[x].add_call);
      latest = std::min(latest, facts_[x].removal_end);
    }
    time_of_read_[use.subject] = Between(earliest, latest);
    for (const uint32_t x : operations_.Shown(use.subject)) {
      come_by[x] = std::min(come_by[x], latest);
      go_from[x] = std::max(go_from[x], earliest);
    }
  }
  middle_.reserve(operations_.size());
  for (size_t x = 0; x < operations_.size(); ++x) {
    middle_.push_back(Between(come_by[x], go_from[x]));
  }
}

bool SnapshotOrder::Shows(uint32_t read, uint32_t element) const {
  const auto shown = operations_.Shown(read);
  return std::binary_search(shown.begin(), shown.end(), element);
}

void SnapshotOrder::Place(uint32_t use) {
  is_placed_[use] = true;
  changes_.push_back({Change::What::kTook, use, kNone});
  order_.push_back(use);
}

// Those that only looked and waited for `element` to come or to go.
void SnapshotOrder::Wake(uint32_t element) {
  changes_.push_back({Change::What::kWoke, element, waiting_[element]});
  for (uint32_t use = waiting_[element]; use != kNone;
       use = next_waiting_[use]) {
    Place(use);
  }
  waiting_[element] = kNone;
}

void SnapshotOrder::Come(uint32_t element) {
  state_[element] = State::kPresent;
  place_in_set_[element] = static_cast<uint32_t>(set_.size());
  set_.push_back(element);
  hash_ ^= HashOf(element);
  changes_.push_back({Change::What::kCame, element, kNone});
}

void SnapshotOrder::Go(uint32_t element) {
  const uint32_t place = place_in_set_[element];
  state_[element] = State::kGone;
  set_[place] = set_.back();
  place_in_set_[set_[place]] = place;
  set_.pop_back();
  hash_ ^= HashOf(element);
  changes_.push_back({Change::What::kWent, element, place});
}

void SnapshotOrder::Undo(size_t changes) {
  for (; changes_.size() > changes; changes_.pop_back()) {
    const Change& change = changes_.back();
    switch (change.what) {
      case Change::What::kCame:
        state_[change.which] = State::kAbsent;
        set_.pop_back();
        hash_ ^= HashOf(change.which);
        break;
      case Change::What::kWent: {
        // The last one had taken its place.
        state_[change.which] = State::kPresent;
        set_.push_back(change.which);
        std::swap(set_[change.old], set_.back());
        place_in_set_[set_.back()] = static_cast<uint32_t>(set_.size() - 1);
        place_in_set_[change.which] = change.old;
        hash_ ^= HashOf(change.which);
        break;
      }
      case Change::What::kCalled:
        open_reads_.pop_back();
        break;
      case Change::What::kWaited:
        waiting_[operations_.uses[change.which].subject] =
            next_waiting_[change.which];
        break;
      case Change::What::kWoke:
        waiting_[change.which] = change.old;
        break;
      case Change::What::kTook:
        is_placed_[change.which] = false;
        order_.pop_back();
        if (change.old != kNone) {
          open_reads_.push_back(change.which);
          std::swap(open_reads_[change.old], open_reads_.back());
        }
        break;
    }
  }
}

// Whether the set is what the read shows.
bool SnapshotOrder::Fits(uint32_t use) {
  const uint32_t read = operations_.uses[use].subject;
  if (hash_of_read_[read] != hash_) return false;
  const auto shown = operations_.Shown(read);
  return shown.size() == set_.size() &&
         std::all_of(shown.begin(), shown.end(), [this](uint32_t x) {
           return state_[x] == State::kPresent;
         });
}

void SnapshotOrder::PlaceFittingReads() {
  for (uint32_t i = 0; i < open_reads_.size();) {
    const uint32_t use = open_reads_[i];
    if (!Fits(use)) {
      ++i;
      continue;
    }
    Place(use);
    changes_.back().old = i;
    open_reads_[i] = open_reads_.back();
    open_reads_.pop_back();
  }
}

void SnapshotOrder::Call(uint32_t use) {
  const Use& called = operations_.uses[use];
  switch (called.kind) {
    case Kind::kRead:
      open_reads_.push_back(use);
      changes_.push_back({Change::What::kCalled, use, kNone});
      if (Fits(use)) PlaceFittingReads();
      return;
    case Kind::kSee:
    case Kind::kMiss:
    case Kind::kLeave:
      if ((state_[called.subject] == State::kPresent) ==
          (called.kind == Kind::kSee)) {
        Place(use);
        return;
      }
      next_waiting_[use] = waiting_[called.subject];
      waiting_[called.subject] = use;
      changes_.push_back({Change::What::kWaited, use, kNone});
      return;
    default:
      return;
  }
}

// Sees to it that the operation has its place by now.
bool SnapshotOrder::Return(uint32_t use) {
  if (IsPlaced(use)) return true;
  const Use& returned = operations_.uses[use];
  switch (returned.kind) {
    case Kind::kRead:
      return PlaceRead(use);
    case Kind::kAdd:
      return PlaceAdd(returned.subject);
    case Kind::kTake:
      return PlaceRemoval(returned.subject);
    case Kind::kSee:
      return state_[returned.subject] == State::kAbsent &&
             PlaceAdd(returned.subject);
    default:
      // What misses an element waits only while that is there.
      return PlaceRemoval(returned.subject);
  }
}

bool SnapshotOrder::PlaceAdd(uint32_t element) {
  const ElementFacts& facts = facts_[element];
  if (facts.add_call > now_ || is_busy_[facts.add]) return false;
  is_busy_[facts.add] = true;
  bool has_place = true;
  for (bool is_settled = false; !is_settled && has_place;) {
    is_settled = true;
    uint32_t first = kNone;
    for (const uint32_t use : open_reads_) {
      if (Shows(operations_.uses[use].subject, element)) continue;
      const auto is_before = IsBefore(use, element);
      if (!is_before) has_place = false;
      if (!is_before || !*is_before) continue;
      if (first == kNone || IsEarlier(use, first)) first = use;
    }
    if (!has_place || first == kNone) break;
    is_settled = false;
    has_place = PlaceRead(first);
  }
  is_busy_[facts.add] = false;
  if (!has_place) return false;
  Place(facts.add);
  Come(element);
  Wake(element);
  PlaceFittingReads();
  return true;
}

bool SnapshotOrder::PlaceRemoval(uint32_t element) {
  const ElementFacts& facts = facts_[element];
  if (facts.removal == kNone || facts.removal_call > now_ ||
      facts.last_seen > now_ || is_busy_[facts.removal] ||
      state_[element] == State::kGone) {
    return false;
  }
  is_busy_[facts.removal] = true;
  bool has_place = state_[element] == State::kPresent || PlaceAdd(element);
  for (uint32_t first = kNone; has_place;) {
    first = FirstToNeed(element, kNone);
    if (first == kNone) break;
    has_place = PlaceRead(first);
  }
  is_busy_[facts.removal] = false;
  if (!has_place) return false;
  if (state_[element] == State::kGone) return true;
  Place(facts.removal);
  Go(element);
  Wake(element);
  PlaceFittingReads();
  return true;
}

// Of the reads that show `element` and have no place yet, and `best`, the one
// that comes first.
uint32_t SnapshotOrder::FirstToNeed(uint32_t element, uint32_t best) {
  for (uint32_t i = seers_begin_[element]; i < seers_begin_[element + 1]; ++i) {
    const uint32_t use = seers_[i];
    effort_.Spend(1);
    if (IsPlaced(use) || use == best) continue;
    if (best == kNone || IsEarlier(use, best)) best = use;
  }
  return best;
}

// How much of the set the read shows.
size_t SnapshotOrder::Shared(uint32_t use) {
  const auto shown = operations_.Shown(operations_.uses[use].subject);
  effort_.Spend(shown.size());
  return static_cast<size_t>(std::count_if(
      shown.begin(), shown.end(),
      [this](uint32_t x) { return state_[x] == State::kPresent; }));
}

// Whether read `a` is the better one to come next.
bool SnapshotOrder::IsEarlier(uint32_t a, uint32_t b) {
  const size_t shared_a = Shared(a);
  const size_t shared_b = Shared(b);
  if (shared_a != shared_b) return shared_a > shared_b;
  const Moment time_a = time_of_read_[operations_.uses[a].subject];
  const Moment time_b = time_of_read_[operations_.uses[b].subject];
  return std::pair(time_a, a) < std::pair(time_b, b);
}

bool SnapshotOrder::PlaceRead(uint32_t use) {
  const Use& read = operations_.uses[use];
  if (read.call > now_ || is_busy_[use]) return false;
  is_busy_[use] = true;
  bool has_place = true;
  while (has_place && !IsPlaced(use)) {
    ++marks_;
    for (const uint32_t x : operations_.Shown(read.subject)) mark_[x] = marks_;
    effort_.Spend(set_.size() + operations_.Shown(read.subject).size());
    uint32_t first = kNone;
    uint32_t gone = kNone;
    for (const uint32_t x : set_) {
      if (mark_[x] == marks_) continue;
      gone = x;
      if (facts_[x].last_seen > now_) has_place = false;
      first = FirstToNeed(x, first);
    }
    if (!has_place) break;
    if (first != kNone) {
      has_place = PlaceRead(first);
      continue;
    }
    if (gone != kNone) {
      has_place = PlaceRemoval(gone);
      continue;
    }
    const auto shown = operations_.Shown(read.subject);
    const auto missing = std::find_if(
        shown.begin(), shown.end(),
        [this](uint32_t x) { return state_[x] != State::kPresent; });
    has_place = missing != shown.end() && state_[*missing] == State::kAbsent &&
                PlaceAdd(*missing);
  }
  is_busy_[use] = false;
  return has_place;
}

// Whether the read, which does not show `element`, comes before that does;
// nothing if it can come neither before nor after.
std::optional<bool> SnapshotOrder::IsBefore(uint32_t use, uint32_t element) {
  const bool can_come_now = !is_busy_[use];
  if (!CanComeAfter(use, element)) {
    if (!can_come_now) return std::nullopt;
    return true;
  }
  if (!can_come_now || !CanComeNow(use)) return false;
  for (size_t i = cursor_; i-- > 0 && suppositions_[i].event == event_;) {
    const Supposition& made = suppositions_[i];
    if (made.read == use && made.element == element) return made.is_before;
  }
  if (cursor_ < suppositions_.size()) {
    const Supposition& made = suppositions_[cursor_];
    if (made.read == use && made.element == element) {
      return suppositions_[cursor_++].is_before;
    }
    suppositions_.resize(cursor_);
  }
  const uint32_t read = operations_.uses[use].subject;
  const bool is_before = time_of_read_[read] <= middle_[element];
  suppositions_.push_back(
      {use, element, is_before, false, event_, changes_before_event_});
  ++cursor_;
  return is_before;
}

// Whether the read can come after the element has come and gone.
bool SnapshotOrder::CanComeAfter(uint32_t use, uint32_t element) {
  const Use& read = operations_.uses[use];
  const ElementFacts& facts = facts_[element];
  if (facts.removal == kNone || facts.removal_call > read.end ||
      facts.last_seen > read.end) {
    return false;
  }
  // What this read shows and is there now must be there until then.
  for (uint32_t i = seers_begin_[element]; i < seers_begin_[element + 1]; ++i) {
    const uint32_t seer = seers_[i];
    if (IsPlaced(seer)) continue;
    const auto shown = operations_.Shown(operations_.uses[seer].subject);
    ++marks_;
    for (const uint32_t x : shown) mark_[x] = marks_;
    effort_.Spend(shown.size() + operations_.Shown(read.subject).size());
    for (const uint32_t x : operations_.Shown(read.subject)) {
      if (state_[x] == State::kPresent && mark_[x] != marks_) return false;
    }
  }
  return true;
}

// Whether all that the read needs has been called.
bool SnapshotOrder::CanComeNow(uint32_t use) {
  const auto shown = operations_.Shown(operations_.uses[use].subject);
  ++marks_;
  effort_.Spend(shown.size() + set_.size());
  for (const uint32_t x : shown) {
    mark_[x] = marks_;
    if (state_[x] == State::kGone) return false;
    if (state_[x] == State::kAbsent && facts_[x].add_call > now_) return false;
  }
  for (const uint32_t x : set_) {
    if (mark_[x] == marks_) continue;
    if (facts_[x].removal == kNone || facts_[x].removal_call > now_ ||
        facts_[x].last_seen > now_) {
      return false;
    }
  }
  return true;
}

// Turns the last supposition that was not turned; false if there is none.
bool SnapshotOrder::Turn(size_t& event) {
  while (!suppositions_.empty() && suppositions_.back().is_turned) {
    suppositions_.pop_back();
  }
  if (suppositions_.empty()) return false;
  Supposition& last = suppositions_.back();
  last.is_before = !last.is_before;
  last.is_turned = true;
  event = last.event;
  Undo(last.changes);
  cursor_ = suppositions_.size() - 1;
  while (cursor_ > 0 && suppositions_[cursor_ - 1].event == event) --cursor_;
  return true;
}

bool SnapshotOrder::Run() {
  size_t turns = 0;
  size_t furthest = 0;
  for (size_t event = 0; event < events_.size();) {
    if (budget_.Exhausted() || effort_.IsSpent()) return false;
    if (event > furthest) {
      furthest = event;
      turns = 0;
    }
    event_ = event;
    changes_before_event_ = changes_.size();
    now_ = events_[event].moment;
    const uint32_t use = events_[event].use;
    if (now_ == operations_.uses[use].call) {
      Call(use);
      ++event;
    } else if (Return(use)) {
      ++event;
      suppositions_.resize(cursor_);
    } else if (++turns > kMostTurns || !Turn(event)) {
      return false;
    }
  }
  return true;
}

std::vector<OpIndex> SnapshotOrder::Linearization() const {
  std::vector<OpIndex> linearization;
  linearization.reserve(order_.size());
  for (const uint32_t use : order_) {
    linearization.push_back(operations_.uses[use].operation);
  }
  return linearization;
}

}  // namespace

std::optional<std::vector<OpIndex>> FindSnapshotOrder(
    const SetOperations& operations, const std::vector<ElementFacts>& facts,
    Moment last, Budget& budget) {
  SnapshotOrder order(operations, facts, last, budget);
  if (!order.Run()) return std::nullopt;
  return order.Linearization();
}

}  // namespace minos::checker
