// The breadth-first search of wgl.cc, a piece of the history at a time.
//
// The idea. Let `now` be the end of what was recorded, and k the call of the
// operation that has been open longest (or `now`). Whatever was called before k
// has completed, so the sweep up to k is final: its configurations are kept,
// and what returned before k is forgotten. From there a sweep goes on to `now`,
// in which what is still open is taken as info: it may take effect or not, with
// any result. If nothing gets to `now`, the history as recorded is a violation.
// Whether a prefix is one only ever changes from no to yes as it grows, so the
// smallest one among those recorded since the last sweep is found by bisection.
//
// An info operation is never forgotten, since it may always take effect. None
// is taken for unobservable either, since what will be observed is not known.
//
// Cost: a sweep costs what it costs in wgl.cc, for the events since k; where
// input comes in pieces, a sweep is made for each piece.

#include "checker/stream.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/search_strategies.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNever;
using history::OpIndex;
using history::Outcome;
using history::Position;

// A model that does not know which operations are still to come.
class OpenEndedModel final : public SequentialModel {
 public:
  explicit OpenEndedModel(std::unique_ptr<SequentialModel> model)
      : model_(std::move(model)) {}

  absl::StatusOr<ActionId> Intern(const Call& call) override {
    return model_->Intern(call);
  }
  bool IsReadOnly(ActionId action) const override {
    return model_->IsReadOnly(action);
  }
  bool IsUnobservable(ActionId action) const override {
    return model_->IsReadOnly(action);
  }
  bool Covers(ActionId general, ActionId special) const override {
    return model_->Covers(general, special);
  }
  bool IsBlind(ActionId action) const override {
    return model_->IsBlind(action);
  }
  StateId InitialState() const override { return model_->InitialState(); }
  void Step(StateId state, ActionId action,
            std::vector<StateId>& successors) override {
    model_->Step(state, action, successors);
  }
  std::string DescribeState(StateId state) const override {
    return model_->DescribeState(state);
  }
  std::string DescribeRefusal(StateId state, ActionId action) const override {
    return model_->DescribeRefusal(state, action);
  }
  size_t MemoryBytes() const override { return model_->MemoryBytes(); }

 private:
  std::unique_ptr<SequentialModel> model_;
};

}  // namespace

// A violation of an object.
struct FoundViolation {
  Position moment = 0;      // what was recorded before it is one
  bool is_smallest = true;  // no smaller prefix is, as far as this object goes
  SearchResult result;
};

// One object.
class ObjectStream {
 public:
  ObjectStream(history::ValueId key, std::unique_ptr<SequentialModel> model,
               Budget& budget)
      : key_(key), model_(std::move(model)), budget_(budget) {}

  history::ValueId key() const { return key_; }
  bool has_news() const { return has_news_; }
  size_t configurations() const { return seeds_.size(); }

  // `content` is as if the outcome were info.
  absl::Status Add(OpIndex operation, Position call, const Call& content);
  absl::Status Complete(OpIndex operation, Position end, Outcome outcome,
                        const Call& content);

  // Judges what was recorded before `now`.
  SearchResult Judge(Position now);
  // After a violation of what was recorded before `now`, `result`: what is
  // known of that of the smallest prefix.
  FoundViolation Pinpoint(Position now, SearchResult result);
  std::vector<Impasse> Impasses(const SearchResult& result) const;

  // The first operation that is needed, of those that may be forgotten at all.
  OpIndex FirstNeeded() const;

 private:
  struct LiveOperation {
    OpIndex operation = 0;
    Position call = 0;
    Position end = kNever;  // of the completion, whatever its outcome
    Outcome outcome = Outcome::kInfo;
    ActionId open_action = 0;  // while the result is not known
    ActionId action = 0;       // where it is ok

    bool IsOkBefore(Position moment) const {
      return outcome == Outcome::kOk && end < moment;
    }
    bool IsFailBefore(Position moment) const {
      return outcome == Outcome::kFail && end < moment;
    }
  };

  LiveOperation& Find(OpIndex operation);
  std::vector<Interval> IntervalsBefore(Position moment) const;
  uint32_t EventsBefore(const std::vector<Interval>& intervals,
                        Position moment) const;
  SearchResult Sweep(Position until, Position keep);

  history::ValueId key_;
  std::unique_ptr<SequentialModel> model_;
  Budget& budget_;
  std::vector<LiveOperation> live_;  // in the order of their calls
  std::vector<SearchSeed> seeds_;    // the configurations at from_
  std::vector<SearchSeed> reached_;
  Position from_ = 0;
  Position judged_ = 0;  // the last `now`
  bool has_news_ = false;
};

absl::Status ObjectStream::Add(OpIndex operation, Position call,
                               const Call& content) {
  const absl::StatusOr<ActionId> action = model_->Intern(content);
  if (!action.ok()) return action.status();
  live_.push_back({operation, call, kNever, Outcome::kInfo, *action, *action});
  return absl::OkStatus();
}

ObjectStream::LiveOperation& ObjectStream::Find(OpIndex operation) {
  return *std::lower_bound(live_.begin(), live_.end(), operation,
                           [](const LiveOperation& each, OpIndex wanted) {
                             return each.operation < wanted;
                           });
}

absl::Status ObjectStream::Complete(OpIndex operation, Position end,
                                    Outcome outcome, const Call& content) {
  LiveOperation& live = Find(operation);
  live.end = end;
  live.outcome = outcome;
  has_news_ = true;
  if (outcome != Outcome::kOk) return absl::OkStatus();
  const absl::StatusOr<ActionId> action = model_->Intern(content);
  if (!action.ok()) return action.status();
  live.action = *action;
  return absl::OkStatus();
}

// What happened before `moment`, as it looked then.
std::vector<Interval> ObjectStream::IntervalsBefore(Position moment) const {
  std::vector<Interval> intervals;
  for (const LiveOperation& live : live_) {
    if (live.call >= moment || live.IsFailBefore(moment)) continue;
    if (live.IsOkBefore(moment)) {
      intervals.push_back({live.operation, live.call, live.end, live.action});
    } else {
      intervals.push_back(
          {live.operation, live.call, kNever, live.open_action});
    }
  }
  return intervals;
}

// How many events of their timeline come before `moment`.
uint32_t ObjectStream::EventsBefore(const std::vector<Interval>& intervals,
                                    Position moment) const {
  uint32_t events = 0;
  for (const Interval& interval : intervals) {
    if (interval.call >= moment) continue;
    if (interval.end != kNever) {
      events += interval.end < moment ? 2 : 1;
    } else if (!model_->IsUnobservable(interval.action)) {
      ++events;
    }
  }
  return events;
}

// Sweeps from the configurations kept to `until`; those at `keep` are put into
// reached_.
SearchResult ObjectStream::Sweep(Position until, Position keep) {
  const std::vector<Interval> intervals = IntervalsBefore(until);
  const Timeline timeline(intervals, *model_);
  const SearchProblem problem{timeline, *model_, budget_,
                              static_cast<uint32_t>(timeline.event_count())};
  reached_.clear();
  SearchResult result =
      SweepOnward(problem, seeds_, EventsBefore(intervals, from_),
                  EventsBefore(intervals, keep), reached_);
  if (result.verdict == Verdict::kViolation) {
    const uint32_t culprit = timeline.event(result.furthest_event).subject;
    result.culprit = timeline.operations()[culprit].operation;
  }
  return result;
}

SearchResult ObjectStream::Judge(Position now) {
  Position keep = now;
  for (const LiveOperation& live : live_) {
    if (live.end == kNever) keep = std::min(keep, live.call);
  }
  SearchResult result = Sweep(now, keep);
  if (result.verdict != Verdict::kValid) return result;
  has_news_ = false;
  judged_ = now;
  from_ = keep;
  seeds_ = std::move(reached_);
  std::erase_if(live_, [&](const LiveOperation& live) {
    if (live.end == kNever) return false;
    if (live.outcome == Outcome::kInfo) {
      return model_->IsUnobservable(live.open_action);
    }
    return live.outcome == Outcome::kFail || live.end < keep;
  });
  return result;
}

// Where a limit ends a sweep, a smaller prefix may be one, or not.
FoundViolation ObjectStream::Pinpoint(Position now, SearchResult result) {
  FoundViolation found{now, true, std::move(result)};
  Position valid = judged_;
  while (valid + 1 < found.moment) {
    const Position middle = valid + (found.moment - valid) / 2;
    SearchResult sweep = Sweep(middle, middle);
    if (sweep.verdict == Verdict::kUnknown) {
      found.is_smallest = false;
      break;
    }
    if (sweep.verdict == Verdict::kViolation) {
      found.moment = middle;
      found.result = std::move(sweep);
    } else {
      valid = middle;
    }
  }
  return found;
}

std::vector<Impasse> ObjectStream::Impasses(const SearchResult& result) const {
  std::vector<Impasse> impasses;
  for (const SearchResult::DeadEnd& dead_end : result.dead_ends) {
    Impasse impasse;
    impasse.state = model_->DescribeState(dead_end.state);
    for (const LiveOperation& live : live_) {
      if (live.operation != result.culprit) continue;
      std::vector<StateId> successors;
      model_->Step(dead_end.state, live.action, successors);
      if (!successors.empty()) continue;
      impasse.refusals.push_back(
          {live.operation,
           model_->DescribeRefusal(dead_end.state, live.action)});
    }
    impasses.push_back(std::move(impasse));
  }
  return impasses;
}

OpIndex ObjectStream::FirstNeeded() const {
  for (const LiveOperation& live : live_) {
    const bool is_crashed =
        live.end != kNever && live.outcome == Outcome::kInfo;
    if (!is_crashed) return live.operation;
  }
  return std::numeric_limits<OpIndex>::max();
}

StreamChecker::StreamChecker(const ModelInfo& model, Keying keying,
                             history::ValueId initial, Budget& budget)
    : model_(model), keying_(keying), initial_(initial), budget_(budget) {}

StreamChecker::~StreamChecker() = default;

absl::StatusOr<ObjectStream*> StreamChecker::ObjectOf(const History& history,
                                                      OpIndex op) {
  const auto key = KeyOf(history, keying_, op);
  if (!key.ok()) return key.status();
  ObjectStream*& object = object_of_key_[*key];
  if (object != nullptr) return object;
  auto model = model_.make(history.values(), initial_);
  if (!model.ok()) return model.status();
  objects_.push_back(std::make_unique<ObjectStream>(
      *key, std::make_unique<OpenEndedModel>(*std::move(model)), budget_));
  return object = objects_.back().get();
}

absl::Status StreamChecker::Complete(const History& history, const Open& open) {
  if (open.object == nullptr) return absl::OkStatus();
  const OpIndex op = IndexOf(open.operation);
  if (history.outcome(op) == Outcome::kFail) --judged_;
  return open.object->Complete(open.operation, history.completion(op),
                               history.outcome(op),
                               CallOf(history, keying_, op));
}

// Takes in what `history` says beyond what it said before.
absl::Status StreamChecker::TakeIn(const History& history) {
  OpIndex op = 0;  // the last one looked at, for the message
  absl::Status status;
  const auto take = [&](const Open& open) {
    op = IndexOf(open.operation);
    if (history.completion(op) == kNever) return false;
    if (status.ok()) status = Complete(history, open);
    return true;
  };
  std::erase_if(open_, take);
  for (; status.ok() && IndexOf(static_cast<OpIndex>(taken_)) < history.size();
       ++taken_) {
    const auto operation = static_cast<OpIndex>(taken_);
    op = IndexOf(operation);
    Open open{operation, nullptr};
    if (history.is_client(op)) {
      const absl::StatusOr<ObjectStream*> object = ObjectOf(history, op);
      if (!object.ok()) return object.status();
      open.object = *object;
      ++judged_;
      Call call = CallOf(history, keying_, op);
      call.result = history::kNoValue;
      call.is_ok = false;
      status = open.object->Add(operation, history.call(op), call);
    }
    if (status.ok() && !take(open)) open_.push_back(open);
  }
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(history.name(), ":", history.call_line(op),
                                   ": ", std::string(status.message())));
}

absl::StatusOr<Verdict> StreamChecker::Judge(const History& history) {
  if (violation_) return Verdict::kViolation;
  if (unknown_) return Verdict::kUnknown;
  if (absl::Status status = TakeIn(history); !status.ok()) return status;
  const auto now = static_cast<Position>(history.event_count());
  ObjectStream* violated = nullptr;
  FoundViolation first;
  bool is_unknown = false;
  bool are_smallest = true;
  for (const auto& object : objects_) {
    if (!object->has_news()) continue;
    SearchResult result = object->Judge(now);
    if (result.verdict == Verdict::kUnknown) {
      is_unknown = true;
      unknown_ = result.unknown;
    }
    if (result.verdict != Verdict::kViolation) continue;
    // Of several objects, the one that is violated first.
    FoundViolation found = object->Pinpoint(now, std::move(result));
    are_smallest = are_smallest && found.is_smallest;
    if (violated == nullptr || found.moment < first.moment) {
      violated = object.get();
      first = std::move(found);
    }
  }
  // A limit may have ended the search for the moment, but not the verdict.
  if (violated == nullptr) {
    return is_unknown ? Verdict::kUnknown : Verdict::kValid;
  }
  unknown_.reset();
  first.is_smallest = are_smallest && !is_unknown;
  violation_ = Describe(history, *violated, first);
  return Verdict::kViolation;
}

Violation StreamChecker::Describe(const History& history,
                                  const ObjectStream& object,
                                  const FoundViolation& found) const {
  Violation violation;
  violation.kind = "not-linearizable";
  violation.key = object.key();
  if (found.is_smallest) violation.prefix_events = found.moment;
  violation.impasses = object.Impasses(found.result);
  for (Impasse& impasse : violation.impasses) {
    for (Refusal& refusal : impasse.refusals) {
      refusal.op = IndexOf(refusal.op);
    }
  }
  const auto place = [&](OpIndex op) {
    return absl::StrCat("`", history::OperationText(history, op), "` (",
                        history::OperationPlace(history, op), ")");
  };
  const OpIndex culprit = IndexOf(found.result.culprit);
  // The one that returned last.
  violation.culprit = culprit;
  for (OpIndex op = 0; found.is_smallest && op < history.size(); ++op) {
    if (history.completion(op) + size_t{1} == found.moment) {
      violation.culprit = op;
    }
  }
  violation.core = {culprit};
  if (*violation.culprit != culprit) {
    violation.core.push_back(*violation.culprit);
    std::sort(violation.core.begin(), violation.core.end());
    violation.sentences.push_back(absl::StrCat(
        "It became certain when ", place(*violation.culprit), " returned."));
  }
  violation.summary =
      absl::StrCat(place(culprit), " fits no order of the operations");
  violation.sentences.push_back(
      "Whatever was open had not returned yet and was taken as if it might "
      "have happened or not.");
  return violation;
}

OpIndex StreamChecker::Forgettable() const {
  auto first = static_cast<OpIndex>(taken_);
  for (const Open& open : open_) first = std::min(first, open.operation);
  for (const auto& object : objects_) {
    first = std::min(first, object->FirstNeeded());
  }
  return first - forgotten_;
}

size_t StreamChecker::configurations() const {
  size_t sum = 0;
  for (const auto& object : objects_) sum += object->configurations();
  return sum;
}

}  // namespace minos::checker
