// Depth-first search for a linearization; wgl.cc has the essay.

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/configuration_table.h"
#include "checker/expansion.h"
#include "checker/look_ahead.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"

namespace minos::checker {
namespace {

using history::OpIndex;

// How many configurations may be entered before what they occupy is charged.
constexpr size_t kEntriesPerCharge = 64;

class DepthFirst {
 public:
  DepthFirst(const SearchProblem& problem, size_t max_configurations,
             bool note_dead_ends);
  ~DepthFirst() { problem_.budget.Release(charged_); }
  DepthFirst(const DepthFirst&) = delete;
  DepthFirst& operator=(const DepthFirst&) = delete;

  SearchResult Run();

 private:
  // A configuration with choices that have not been tried. What it had
  // linearized stands in frame_masks_.
  struct Frame {
    uint32_t event;
    StateId state;
    UsageId usage;
    NoteId note;
    uint32_t path_length;
    uint32_t first_choice;  // in choices_, up to the next frame's
    uint32_t next_choice;
  };

  void Advance();
  uint32_t ReturningSlot() const;
  void Enter();
  bool Backtrack();
  bool ChargeGrowth();
  bool IsOver();
  bool MayGoOn();
  void NoteProgress();
  void NoteDeadEnd();
  std::vector<OpIndex> RecentPath() const;
  SearchResult Finish(Verdict verdict);

  SearchProblem problem_;
  size_t max_configurations_;
  bool note_dead_ends_;
  size_t mask_words_;
  CrashUsage usages_;
  ConfigurationTable table_;
  OpenOperations open_;
  Expansion expansion_;
  LookAhead look_ahead_;
  bool looked_far_ = false;  // and left something out for it
  size_t charged_ = 0;       // for everything but the table
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  // The path that is being followed.
  Configuration current_;
  std::vector<uint32_t> path_;
  std::vector<Frame> frames_;
  std::vector<uint64_t> frame_masks_;
  std::vector<Choice> choices_;

  // Where the search got furthest.
  uint32_t furthest_ = 0;
  std::vector<SearchResult::DeadEnd> dead_ends_;
};

DepthFirst::DepthFirst(const SearchProblem& problem, size_t max_configurations,
                       bool note_dead_ends)
    : problem_(problem),
      max_configurations_(max_configurations),
      note_dead_ends_(note_dead_ends),
      mask_words_(SlotSet::WordsFor(problem.timeline.slot_count())),
      usages_(problem.timeline.crashes().size()),
      table_(mask_words_, problem.budget),
      open_(problem.timeline),
      expansion_(problem.timeline, open_, usages_, problem.model),
      look_ahead_(problem.timeline, open_, usages_, problem.model,
                  problem.footprints),
      current_(mask_words_) {}

// Sweeps on to the next return of an operation that is not linearized, or to
// the end.
void DepthFirst::Advance() {
  while (open_.event() < problem_.end) {
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type == TimelineEvent::Type::kCrash) {
      open_.Pass();
      continue;
    }
    const TimedOperation& operation =
        problem_.timeline.operations()[event.subject];
    if (event.type == TimelineEvent::Type::kReturn) {
      if (!current_.linearized.Contains(operation.slot)) return;
      current_.linearized.Erase(operation.slot);
    }
    open_.Pass();
    if (event.type != TimelineEvent::Type::kCall) continue;
    if (operation.is_read_only) {
      expansion_.TakeIfItFits(operation.slot, current_, path_);
    } else if (operation.is_blind) {
      expansion_.SpareIfUnnoticed(operation.slot, current_, path_);
    }
  }
}

// The slot of what returns next. REQUIRES: the next event is a return.
uint32_t DepthFirst::ReturningSlot() const {
  const TimelineEvent event = problem_.timeline.event(open_.event());
  return problem_.timeline.operations()[event.subject].slot;
}

// Opens a frame for the current configuration.
void DepthFirst::Enter() {
  const std::vector<Choice>& choices =
      expansion_.Choices(current_, ReturningSlot());
  if (choices.empty()) return;
  const auto first = static_cast<uint32_t>(choices_.size());
  frames_.push_back({open_.event(), current_.state, current_.usage,
                     current_.note, static_cast<uint32_t>(path_.size()), first,
                     first});
  for (const SlotSet* set : {&current_.linearized, &current_.spare}) {
    const auto words = set->words();
    frame_masks_.insert(frame_masks_.end(), words.begin(), words.end());
  }
  choices_.insert(choices_.end(), choices.begin(), choices.end());
  if (look_ahead_.is_blind()) return;
  // What brings what the returning operation needs is tried before the others.
  const uint32_t returning = ReturningSlot();
  std::stable_partition(
      choices_.begin() + first, choices_.end(), [&](const Choice& choice) {
        return !choice.is_pass() &&
               look_ahead_.Brings(current_, expansion_.ActionOf(choice.subject),
                                  returning);
      });
}

// Makes the next choice of the newest frame. False if there is none.
bool DepthFirst::Backtrack() {
  if (frames_.empty()) return false;
  Frame& frame = frames_.back();
  open_.RewindTo(frame.event);
  current_.state = frame.state;
  current_.usage = frame.usage;
  current_.note = frame.note;
  const size_t below = frame_masks_.size() - 2 * mask_words_;
  const uint64_t* masks = frame_masks_.data() + below;
  current_.linearized.Assign({masks, mask_words_});
  current_.spare.Assign({masks + mask_words_, mask_words_});
  path_.resize(frame.path_length);
  const Choice choice = choices_[frame.next_choice++];
  if (frame.next_choice == choices_.size()) {
    // The last choice leaves nothing to come back for.
    choices_.resize(frame.first_choice);
    frame_masks_.resize(below);
    frames_.pop_back();
  }
  expansion_.Take(ReturningSlot(), choice, usages_, current_, path_);
  Advance();
  return true;
}

// Charges what grows besides the table. False if that is over the limit.
bool DepthFirst::ChargeGrowth() {
  const size_t bytes = usages_.MemoryBytes() + expansion_.MemoryBytes() +
                       problem_.model.MemoryBytes() +
                       frames_.capacity() * sizeof(Frame) +
                       frame_masks_.capacity() * sizeof(uint64_t) +
                       choices_.capacity() * sizeof(Choice) +
                       path_.capacity() * sizeof(uint32_t);
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

// Whether a limit ends the search; limit_ says which, unless it is the number
// of configurations.
bool DepthFirst::IsOver() {
  if (entered_++ >= max_configurations_) return true;
  const bool is_due = entered_ % kEntriesPerCharge == 1;
  // About half of the events are returns.
  if (is_due) problem_.budget.Tell(kEntriesPerCharge, furthest_ / 2);
  if (is_due && !ChargeGrowth()) {
    limit_ = UnknownReason::kMemoryLimit;
  } else {
    limit_ = problem_.budget.Exhausted();
  }
  return limit_.has_value();
}

// Whether the current configuration may lead past the next return, and where
// the search looks far, past those of the other open operations.
bool DepthFirst::MayGoOn() {
  if (!look_ahead_.MayPass(current_, ReturningSlot(), /*may_crash=*/true)) {
    return false;
  }
  if (!problem_.looks_far || look_ahead_.MayReach(current_, problem_.end)) {
    return true;
  }
  looked_far_ = true;
  return false;
}

void DepthFirst::NoteProgress() {
  if (open_.event() > furthest_) {
    furthest_ = open_.event();
    dead_ends_.clear();
  }
  if (note_dead_ends_ && open_.event() == furthest_ &&
      dead_ends_.size() < kMaxDeadEnds) {
    NoteDeadEnd();
  }
}

void DepthFirst::NoteDeadEnd() {
  const bool is_known = std::any_of(dead_ends_.begin(), dead_ends_.end(),
                                    [this](const auto& dead_end) {
                                      return dead_end.state == current_.state;
                                    });
  if (is_known) return;
  SearchResult::DeadEnd dead_end;
  dead_end.state = current_.state;
  dead_end.path = RecentPath();
  const uint32_t culprit = problem_.timeline.event(open_.event()).subject;
  dead_end.pending.push_back(problem_.timeline.operations()[culprit].operation);
  for (const SlotSet* open : {&open_.updates(), &open_.reads()}) {
    SlotSet::ForEach(*open, current_.linearized, [&](uint32_t slot) {
      if (open_.operation_in(slot) != culprit) {
        dead_end.pending.push_back(open_.InSlot(slot).operation);
      }
    });
  }
  std::sort(dead_end.pending.begin() + 1, dead_end.pending.end());
  // What is spare has not been taken yet.
  std::erase_if(dead_end.path, [&](OpIndex op) {
    return std::find(dead_end.pending.begin(), dead_end.pending.end(), op) !=
           dead_end.pending.end();
  });
  dead_ends_.push_back(std::move(dead_end));
}

// What was linearized since the last operation that has returned.
std::vector<OpIndex> DepthFirst::RecentPath() const {
  size_t first = path_.size();
  while (first > 0) {
    const uint32_t code = path_[first - 1];
    const bool has_returned =
        (code & kCrashBit) == 0 &&
        problem_.timeline.operations()[code & ~kSpareBit].return_event <
            open_.event();
    if (has_returned) break;
    --first;
  }
  return PathOperations(problem_.timeline, path_, first);
}

SearchResult DepthFirst::Finish(Verdict verdict) {
  SearchResult result;
  result.verdict = verdict;
  result.unknown = limit_;
  result.configurations = entered_;
  result.furthest_event = furthest_;
  result.looked_far = looked_far_;
  result.dead_ends = std::move(dead_ends_);
  if (verdict == Verdict::kValid) {
    result.linearization = PathOperations(problem_.timeline, path_);
  }
  return result;
}

SearchResult DepthFirst::Run() {
  current_.state = problem_.model.InitialState();
  Advance();
  while (open_.event() < problem_.end) {
    if (IsOver()) return Finish(Verdict::kUnknown);
    NoteProgress();
    if (!MayGoOn()) {
      if (!Backtrack()) return Finish(Verdict::kViolation);
      continue;
    }
    const auto outcome =
        table_.Insert(open_.event(), current_, open_.masks(), usages_);
    if (outcome == ConfigurationTable::Outcome::kFull) {
      limit_ = UnknownReason::kMemoryLimit;
      return Finish(Verdict::kUnknown);
    }
    if (outcome == ConfigurationTable::Outcome::kNew) Enter();
    if (!Backtrack()) return Finish(Verdict::kViolation);
  }
  // The last state is the dead end of a result that is impossible after it.
  if (problem_.end < problem_.timeline.event_count()) NoteProgress();
  return Finish(Verdict::kValid);
}

}  // namespace

SearchResult SearchDepthFirst(const SearchProblem& problem,
                              size_t max_configurations, bool note_dead_ends) {
  return DepthFirst(problem, max_configurations, note_dead_ends).Run();
}

}  // namespace minos::checker
