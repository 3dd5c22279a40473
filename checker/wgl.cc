// Linearizability by search.
//
// The idea. Wing & Gong (JPDC 1993) look for a linearization by trying, at each
// point, every operation that may come next; Lowe (2017) remembers the pairs
// (operations linearized, state) that have been tried. This search is theirs
// with three changes that make its cost follow the concurrency of the history,
// not its length.
//
// 1. Just in time (Lowe 2017, section 5). The events are swept in order, and an
//    operation is linearized only when some return forces one: at the return of
//    an operation x that is not yet linearized, some of the open operations are
//    linearized, x last, and the sweep goes on. Nothing is lost: in any
//    linearization, an operation that stands between two consecutive such x's
//    may as well be taken at the moment of the second.
// 2. A configuration is (event, linearized operations that are still open,
//    state, info operations used). What has returned is linearized, so a bit
//    for each *open* operation says all.
// 3. Depth first. A valid history is usually decided along one path; only
//    configurations at which a choice was made are remembered.
//
// What prunes, and why no answer is lost.
//
// - Reads. An operation that leaves every state as it is (IsReadOnly) and fits
//   the current state is taken at once: take any completion of the search from
//   here and move the read to the front; the states after it do not change.
// - Equal operations. Of two open operations with one action only the one that
//   returns first is tried: in a completion that takes the other first, swap
//   the two. An info operation returns last of all, and info operations with
//   one action are a count.
// - Info operations that say nothing are dropped (Timeline).
// - Domination. Of two configurations alike but for the info operations used,
//   the one that used fewer can do what the other can. So a configuration is
//   dropped if one that dominates it has been entered before. This holds even
//   if that one is still being explored: let a solvable configuration that was
//   entered or dropped have the shortest remaining completion. If it was
//   entered, its successor along that completion is shorter; if it was dropped,
//   what dominates it was entered and is no longer. Both contradict the choice,
//   unless the search has succeeded.
// - Impossible results. The first return of an operation whose result no
//   reachable state gives (SequentialModel::IsImpossible) ends the sweep: if
//   the events before it can be explained, it is the violation.
//
// Evidence. The order in which operations were linearized on the successful
// path is the linearization. If no path succeeds, all configurations that can
// be reached have been entered, so the furthest return that none of them passes
// is the exact end of the smallest violated prefix, and the states met there
// are the ones that the object could have been in.
//
// Cost. O(n log n) to build the timeline; then for each configuration O(open
// operations), and O(info kinds) where there are some. There are at most
// n · 2^c · |states| configurations for c operations open at once, and a few
// for each event where the history is valid and not very contended. Memory
// follows the number of configurations (ConfigurationTable).

#include "checker/wgl.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "checker/configuration_table.h"
#include "checker/crash_usage.h"
#include "checker/timeline.h"

namespace minos::checker {
namespace {

using history::OpIndex;

constexpr size_t kBitsPerWord = 64;
constexpr uint32_t kNoOperation = 0xFFFFFFFFu;
// Marks a kind of info operations where a slot or an operation might stand too.
constexpr uint32_t kCrashBit = 1u << 31;
// How many configurations may be entered before what they occupy is charged.
constexpr size_t kEntriesPerCharge = 64;

// A set of slots.
class SlotSet {
 public:
  explicit SlotSet(size_t words) : words_(words, 0) {}

  void Insert(uint32_t slot) { words_[slot / kBitsPerWord] |= Bit(slot); }
  void Erase(uint32_t slot) { words_[slot / kBitsPerWord] &= ~Bit(slot); }
  bool Contains(uint32_t slot) const {
    return (words_[slot / kBitsPerWord] & Bit(slot)) != 0;
  }
  std::span<const uint64_t> words() const { return words_; }
  void Assign(const uint64_t* words) {
    std::copy_n(words, words_.size(), words_.begin());
  }

  // Calls `visit` for each slot of `set` that is not in `without`.
  template <typename Visit>
  static void ForEach(const SlotSet& set, const SlotSet& without, Visit visit) {
    for (size_t i = 0; i < set.words_.size(); ++i) {
      uint64_t rest = set.words_[i] & ~without.words_[i];
      for (; rest != 0; rest &= rest - 1) {
        visit(static_cast<uint32_t>(i * kBitsPerWord + std::countr_zero(rest)));
      }
    }
  }

 private:
  static uint64_t Bit(uint32_t slot) {
    return uint64_t{1} << (slot % kBitsPerWord);
  }

  std::vector<uint64_t> words_;
};

class Search {
 public:
  Search(std::span<const Interval> intervals, SequentialModel& model,
         Budget& budget, const SearchOptions& options);

  SearchResult Run();

 private:
  // One way on from a configuration: linearize an operation, after which the
  // object is in `next`.
  struct Choice {
    uint32_t subject;  // a slot, or kCrashBit and a kind
    StateId next;
    bool is_crash() const { return (subject & kCrashBit) != 0; }
  };
  // A configuration with choices that have not been tried.
  struct Frame {
    uint32_t event;
    StateId state;
    UsageId usage;
    uint32_t linearized_count;
    size_t first_choice;  // in choices_; up to the next frame's
    size_t next_choice;
  };
  struct Candidate {
    uint32_t return_event;
    uint32_t slot;
    ActionId action;
    bool operator<(const Candidate& other) const {
      return return_event < other.return_event;
    }
  };

  const TimedOperation& OpenIn(uint32_t slot) const {
    return timeline_.operations()[occupant_[slot]];
  }

  void FindImpossible();
  void Advance();
  void HandleCall(uint32_t operation);
  void RewindTo(uint32_t event);
  void TakeFittingReads();
  bool Fits(ActionId action);
  void Linearize(uint32_t code) { linearization_.push_back(code); }
  void CollectChoices();
  void CollectOpen();
  void CollectCrashes();
  void AddChoices(uint32_t subject, ActionId action);
  void Enter();
  void Take(Choice choice);
  bool Backtrack();
  bool ChargeGrowth();
  std::optional<UnknownReason> LimitReached();
  void NoteProgress();
  void NoteDeadEnd();
  std::vector<OpIndex> RecentPath() const;
  std::vector<OpIndex> Linearization() const;
  size_t ReturnsBefore(uint32_t event) const;
  SearchResult Finish(Verdict verdict);
  SearchResult Stop(UnknownReason reason);

  SequentialModel& model_;
  Budget& budget_;
  SearchOptions options_;
  size_t charged_ = 0;  // for everything but the table
  Timeline timeline_;
  size_t mask_words_;
  CrashUsage usages_;
  ConfigurationTable table_;
  size_t end_;                          // the sweep succeeds at this event
  uint32_t impossible_ = kNoOperation;  // the operation that returns at end_

  // The current configuration.
  uint32_t event_ = 0;
  StateId state_ = 0;
  UsageId usage_ = 0;
  SlotSet linearized_;

  // What the events before event_ have opened.
  SlotSet open_reads_;
  SlotSet open_updates_;
  std::vector<uint32_t> occupant_;  // by slot: an operation of the timeline
  std::vector<uint32_t> crashed_;   // by kind: how many have been called

  // The path to the current configuration.
  // Operations of the timeline, or kCrashBit and a kind.
  std::vector<uint32_t> linearization_;
  std::vector<Frame> frames_;
  std::vector<uint64_t> frame_masks_;  // mask_words_ a frame
  std::vector<Choice> choices_;

  // Scratch space.
  std::vector<StateId> successors_;
  std::vector<Candidate> candidates_;
  std::vector<Choice> collected_;

  // Where the search got furthest.
  uint32_t furthest_ = 0;
  size_t entries_ = 0;
  std::vector<SearchResult::DeadEnd> dead_ends_;
};

Search::Search(std::span<const Interval> intervals, SequentialModel& model,
               Budget& budget, const SearchOptions& options)
    : model_(model),
      budget_(budget),
      options_(options),
      timeline_(intervals, model),
      mask_words_((timeline_.slot_count() + kBitsPerWord - 1) / kBitsPerWord),
      usages_(timeline_.crashes().size()),
      table_(mask_words_, budget),
      end_(timeline_.event_count()),
      linearized_(mask_words_),
      open_reads_(mask_words_),
      open_updates_(mask_words_),
      occupant_(timeline_.slot_count(), kNoOperation),
      crashed_(timeline_.crashes().size(), 0) {
  FindImpossible();
}

void Search::FindImpossible() {
  const auto& operations = timeline_.operations();
  for (uint32_t i = 0; i < operations.size(); ++i) {
    if (operations[i].return_event < end_ &&
        model_.IsImpossible(operations[i].action)) {
      end_ = operations[i].return_event;
      impossible_ = i;
    }
  }
}

bool Search::Fits(ActionId action) {
  successors_.clear();
  model_.Step(state_, action, successors_);
  return !successors_.empty();
}

void Search::TakeFittingReads() {
  SlotSet::ForEach(open_reads_, linearized_, [this](uint32_t slot) {
    if (!Fits(OpenIn(slot).action)) return;
    linearized_.Insert(slot);
    Linearize(occupant_[slot]);
  });
}

void Search::HandleCall(uint32_t operation) {
  const TimedOperation& called = timeline_.operations()[operation];
  occupant_[called.slot] = operation;
  if (!called.is_read_only) {
    open_updates_.Insert(called.slot);
    return;
  }
  open_reads_.Insert(called.slot);
  if (Fits(called.action)) {
    linearized_.Insert(called.slot);
    Linearize(operation);
  }
}

// Sweeps on to the next return of an operation that is not linearized, or to
// the end.
void Search::Advance() {
  for (; event_ < end_; ++event_) {
    const TimelineEvent event = timeline_.event(event_);
    switch (event.type) {
      case TimelineEvent::Type::kCall:
        HandleCall(event.subject);
        break;
      case TimelineEvent::Type::kCrash:
        ++crashed_[event.subject];
        break;
      case TimelineEvent::Type::kReturn: {
        const uint32_t slot = timeline_.operations()[event.subject].slot;
        if (!linearized_.Contains(slot)) return;
        linearized_.Erase(slot);
        open_reads_.Erase(slot);
        open_updates_.Erase(slot);
        break;
      }
    }
  }
}

// Undoes what Advance did to the open operations; the caller restores the rest.
void Search::RewindTo(uint32_t event) {
  while (event_ > event) {
    const TimelineEvent undone = timeline_.event(--event_);
    if (undone.type == TimelineEvent::Type::kCrash) {
      --crashed_[undone.subject];
      continue;
    }
    const TimedOperation& operation = timeline_.operations()[undone.subject];
    SlotSet& open = operation.is_read_only ? open_reads_ : open_updates_;
    if (undone.type == TimelineEvent::Type::kCall) {
      open.Erase(operation.slot);
    } else {
      open.Insert(operation.slot);
      occupant_[operation.slot] = undone.subject;
    }
  }
}

void Search::AddChoices(uint32_t subject, ActionId action) {
  successors_.clear();
  model_.Step(state_, action, successors_);
  for (const StateId next : successors_) collected_.push_back({subject, next});
}

// What returns first comes first: it is the most urgent, and the return that
// forces a choice is the first of all.
void Search::CollectOpen() {
  candidates_.clear();
  SlotSet::ForEach(open_updates_, linearized_, [this](uint32_t slot) {
    const TimedOperation& update = OpenIn(slot);
    candidates_.push_back({update.return_event, slot, update.action});
  });
  std::sort(candidates_.begin(), candidates_.end());
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const ActionId action = candidates_[i].action;
    const bool has_equal = std::any_of(
        candidates_.begin(), candidates_.begin() + i,
        [=](const Candidate& other) { return other.action == action; });
    if (!has_equal) AddChoices(candidates_[i].slot, action);
  }
}

void Search::CollectCrashes() {
  for (uint32_t kind = 0; kind < crashed_.size(); ++kind) {
    if (crashed_[kind] == 0 || usages_.Count(usage_, kind) >= crashed_[kind]) {
      continue;
    }
    const ActionId action = timeline_.crashes()[kind].action;
    const bool has_equal = std::any_of(
        candidates_.begin(), candidates_.end(),
        [=](const Candidate& open) { return open.action == action; });
    if (!has_equal) AddChoices(kCrashBit | kind, action);
  }
}

void Search::CollectChoices() {
  collected_.clear();
  CollectOpen();
  CollectCrashes();
}

void Search::Take(Choice choice) {
  if (choice.is_crash()) {
    Linearize(choice.subject);
    usage_ = usages_.Add(usage_, choice.subject & ~kCrashBit);
  } else {
    linearized_.Insert(choice.subject);
    Linearize(occupant_[choice.subject]);
  }
  if (choice.next != state_) {
    state_ = choice.next;
    TakeFittingReads();
  }
  Advance();
}

// Opens a frame for the current configuration.
void Search::Enter() {
  CollectChoices();
  if (collected_.empty()) return;
  frames_.push_back({event_, state_, usage_,
                     static_cast<uint32_t>(linearization_.size()),
                     choices_.size(), choices_.size()});
  const auto words = linearized_.words();
  frame_masks_.insert(frame_masks_.end(), words.begin(), words.end());
  choices_.insert(choices_.end(), collected_.begin(), collected_.end());
}

// Takes the next choice of the newest frame that has one. False if none has.
bool Search::Backtrack() {
  if (frames_.empty()) return false;
  Frame& frame = frames_.back();
  RewindTo(frame.event);
  state_ = frame.state;
  usage_ = frame.usage;
  linearized_.Assign(frame_masks_.data() + frame_masks_.size() - mask_words_);
  linearization_.resize(frame.linearized_count);
  const Choice choice = choices_[frame.next_choice++];
  if (frame.next_choice == choices_.size()) {
    // The last choice leaves nothing to come back for.
    choices_.resize(frame.first_choice);
    frame_masks_.resize(frame_masks_.size() - mask_words_);
    frames_.pop_back();
  }
  Take(choice);
  return true;
}

// Charges what grows besides the table. False if that is over the limit.
bool Search::ChargeGrowth() {
  const size_t bytes = timeline_.MemoryBytes() + usages_.MemoryBytes() +
                       model_.MemoryBytes() +
                       frames_.capacity() * sizeof(Frame) +
                       frame_masks_.capacity() * sizeof(uint64_t) +
                       choices_.capacity() * sizeof(Choice) +
                       linearization_.capacity() * sizeof(uint32_t);
  if (bytes > charged_ && !budget_.Charge(bytes - charged_)) return false;
  if (bytes < charged_) budget_.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

std::optional<UnknownReason> Search::LimitReached() {
  if (options_.max_configurations != 0 &&
      table_.size() >= options_.max_configurations) {
    return UnknownReason::kMemoryLimit;
  }
  if (++entries_ % kEntriesPerCharge == 1 && !ChargeGrowth()) {
    return UnknownReason::kMemoryLimit;
  }
  return budget_.Exhausted();
}

void Search::NoteProgress() {
  if (event_ > furthest_) {
    furthest_ = event_;
    dead_ends_.clear();
  }
  if (options_.note_dead_ends && event_ == furthest_ &&
      dead_ends_.size() < kMaxDeadEnds) {
    NoteDeadEnd();
  }
}

void Search::NoteDeadEnd() {
  const bool is_known = std::any_of(
      dead_ends_.begin(), dead_ends_.end(),
      [this](const auto& dead_end) { return dead_end.state == state_; });
  if (is_known) return;
  SearchResult::DeadEnd dead_end;
  dead_end.state = state_;
  dead_end.path = RecentPath();
  const uint32_t culprit = timeline_.event(event_).subject;
  dead_end.pending.push_back(timeline_.operations()[culprit].operation);
  for (const SlotSet* open : {&open_updates_, &open_reads_}) {
    SlotSet::ForEach(*open, linearized_, [&](uint32_t slot) {
      if (occupant_[slot] != culprit) {
        dead_end.pending.push_back(OpenIn(slot).operation);
      }
    });
  }
  std::sort(dead_end.pending.begin() + 1, dead_end.pending.end());
  dead_ends_.push_back(std::move(dead_end));
}

// What was linearized since the last operation that has returned.
std::vector<OpIndex> Search::RecentPath() const {
  size_t first = linearization_.size();
  while (first > 0) {
    const uint32_t code = linearization_[first - 1];
    const bool has_returned =
        (code & kCrashBit) == 0 &&
        timeline_.operations()[code].return_event < event_;
    if (has_returned) break;
    --first;
  }
  std::vector<OpIndex> path = Linearization();
  path.erase(path.begin(), path.begin() + static_cast<ptrdiff_t>(first));
  return path;
}

// The current path as operations of the history. The n-th use of a kind is the
// operation of that kind that was called n-th.
std::vector<OpIndex> Search::Linearization() const {
  std::vector<OpIndex> operations;
  operations.reserve(linearization_.size());
  std::vector<uint32_t> used(timeline_.crashes().size(), 0);
  for (const uint32_t code : linearization_) {
    if ((code & kCrashBit) == 0) {
      operations.push_back(timeline_.operations()[code].operation);
      continue;
    }
    const uint32_t kind = code & ~kCrashBit;
    operations.push_back(timeline_.crashes()[kind].operations[used[kind]++]);
  }
  return operations;
}

size_t Search::ReturnsBefore(uint32_t event) const {
  return static_cast<size_t>(std::count_if(
      timeline_.operations().begin(), timeline_.operations().end(),
      [=](const TimedOperation& operation) {
        return operation.return_event < event;
      }));
}

SearchResult Search::Finish(Verdict verdict) {
  SearchResult result;
  result.verdict = verdict;
  result.configurations = table_.size();
  result.operations_total = timeline_.operations().size();
  if (verdict == Verdict::kValid) {
    result.operations_passed = result.operations_total;
    result.linearization = Linearization();
    return result;
  }
  result.operations_passed = ReturnsBefore(furthest_);
  if (verdict == Verdict::kViolation) {
    const uint32_t culprit = timeline_.event(furthest_).subject;
    result.culprit = timeline_.operations()[culprit].operation;
    result.culprit_is_impossible = culprit == impossible_;
    result.dead_ends = std::move(dead_ends_);
  }
  return result;
}

SearchResult Search::Stop(UnknownReason reason) {
  SearchResult result = Finish(Verdict::kUnknown);
  result.unknown = reason;
  return result;
}

SearchResult Search::Run() {
  state_ = model_.InitialState();
  Advance();
  while (event_ < end_) {
    if (const auto reason = LimitReached()) return Stop(*reason);
    NoteProgress();
    switch (
        table_.Insert({event_, state_, usage_, linearized_.words()}, usages_)) {
      case ConfigurationTable::Outcome::kNew:
        Enter();
        break;
      case ConfigurationTable::Outcome::kKnown:
        break;
      case ConfigurationTable::Outcome::kFull:
        return Stop(UnknownReason::kMemoryLimit);
    }
    if (!Backtrack()) return Finish(Verdict::kViolation);
  }
  if (impossible_ == kNoOperation) return Finish(Verdict::kValid);
  NoteProgress();
  return Finish(Verdict::kViolation);
}

}  // namespace

SearchResult SearchLinearization(std::span<const Interval> operations,
                                 SequentialModel& model, Budget& budget,
                                 const SearchOptions& options) {
  return Search(operations, model, budget, options).Run();
}

}  // namespace minos::checker
