// Replays a path, operation by operation. It shares nothing with the searches
// but the timeline and the model.

#include "checker/path_replay.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/timeline.h"

namespace minos::checker {
namespace {

class Replay {
 public:
  explicit Replay(const SearchProblem& problem);

  // Makes the next step of a path; false if that is none.
  bool Step(uint32_t code);
  // Whether what has to be linearized is.
  bool IsComplete() const;

  // Notes an operation that stands somewhere without kSpareBit.
  void Expect(uint32_t code) {
    if ((code & (kCrashBit | kSpareBit)) == 0) is_expected_[code] = true;
  }

 private:
  std::optional<ActionId> Place(uint32_t code);

  const SearchProblem& problem_;
  const Timeline& timeline_;
  StateId state_;
  std::vector<StateId> successors_;
  std::vector<uint32_t> used_;  // by kind
  std::vector<bool> is_expected_;
  std::vector<bool> is_placed_;
  uint32_t last_call_ = 0;  // of all that are placed
};

Replay::Replay(const SearchProblem& problem)
    : problem_(problem),
      timeline_(problem.timeline),
      state_(problem.model.InitialState()),
      used_(timeline_.crashes().size(), 0),
      is_expected_(timeline_.operations().size(), false),
      is_placed_(timeline_.operations().size(), false) {}

// The action of a step that stands at a place where it may, in real time.
std::optional<ActionId> Replay::Place(uint32_t code) {
  if ((code & kCrashBit) != 0) {
    const uint32_t kind = code & ~kCrashBit;
    const CrashKind& crash = timeline_.crashes()[kind];
    if (used_[kind] == crash.call_events.size()) return std::nullopt;
    last_call_ = std::max(last_call_, crash.call_events[used_[kind]++]);
    return crash.action;
  }
  const uint32_t operation = code & ~kSpareBit;
  const TimedOperation& timed = timeline_.operations()[operation];
  if (is_placed_[operation] || timed.return_event < last_call_) {
    return std::nullopt;
  }
  is_placed_[operation] = true;
  last_call_ = std::max(last_call_, timed.call_event);
  return timed.action;
}

bool Replay::Step(uint32_t code) {
  const bool is_spare = (code & kCrashBit) == 0 && (code & kSpareBit) != 0;
  if (is_spare && is_expected_[code & ~kSpareBit]) return true;
  const std::optional<ActionId> action = Place(code);
  if (!action) return false;
  successors_.clear();
  problem_.model.Step(state_, *action, successors_);
  if (successors_.size() != 1) return false;
  state_ = successors_.front();
  return true;
}

bool Replay::IsComplete() const {
  for (size_t i = 0; i < is_placed_.size(); ++i) {
    const uint32_t end = timeline_.operations()[i].return_event;
    if (!is_placed_[i] && end < problem_.end) return false;
  }
  return true;
}

}  // namespace

SearchResult Confirm(const SearchProblem& problem, Unconfirmed found) {
  SearchResult result = std::move(found.result);
  if (result.verdict != Verdict::kValid) return result;
  if (IsLinearization(problem, found.path)) {
    result.linearization = PathOperations(problem.timeline, found.path);
  } else {
    result.verdict = Verdict::kUnknown;
  }
  return result;
}

bool IsLinearization(const SearchProblem& problem,
                     std::span<const uint32_t> path) {
  Replay replay(problem);
  for (const uint32_t code : path) replay.Expect(code);
  return std::all_of(path.begin(), path.end(),
                     [&](uint32_t code) { return replay.Step(code); }) &&
         replay.IsComplete();
}

}  // namespace minos::checker
