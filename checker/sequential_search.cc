#include "checker/sequential_search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "checker/intervals.h"
#include "checker/wgl.h"
#include "history/operation_text.h"

namespace minos::checker {

using history::History;
using history::kNever;
using history::OpIndex;
using history::Position;
using history::ValueId;

namespace {

// An operation with its session and its object.
struct Item {
  Interval interval;
  uint32_t part = 0;
};

// The operations of a session that follow each other.
using Chain = std::vector<Item>;

// How far each chain has come, then the state of each object, then where the
// newest update that a read of the object would see was called.
using Configuration = std::vector<uint32_t>;

class Search {
 public:
  Search(const History &history, Budget &budget)
      : history_(history), budget_(budget) {}

  absl::Status Prepare(const ModelInfo &model, const Partitioning &partitioning,
                       const SessionChoice &sessions, ValueId initial) {
    if (const auto observation = ObservationOf(model); observation.ok()) {
      observation_ = *observation;
    }
    std::vector<Item> items;
    for (const Partition &partition : partitioning.partitions) {
      auto made = model.make(history_.values(), initial);
      if (!made.ok()) return made.status();
      models_.push_back(*std::move(made));
      auto intervals = MakeIntervals(history_, partitioning.keying,
                                     partition.operations, *models_.back());
      if (!intervals.ok()) return intervals.status();
      for (const Interval &interval : *intervals) {
        if (interval.end == kNever &&
            models_.back()->IsUnobservable(interval.action)) {
          continue;
        }
        items.push_back({interval, static_cast<uint32_t>(models_.size() - 1)});
      }
    }
    std::sort(items.begin(), items.end(), [](const Item &a, const Item &b) {
      return a.interval.call < b.interval.call;
    });
    MakeChains(items, sessions);
    return absl::OkStatus();
  }

  ModelOutcome Run() {
    ModelOutcome outcome;
    const bool found = Explore();
    outcome.memory_bytes = charged_;
    budget_.Release(charged_);
    if (found) return outcome;
    if (const auto reason = budget_.Exhausted()) {
      outcome.verdict = Verdict::kUnknown;
      outcome.unknown =
          Unknown{*reason,
                  absl::StrCat("visited ", visited_.size(),
                               " ways to interleave the sessions; the furthest "
                               "placed ",
                               furthest_, " of ", required_, " operations"),
                  "raise the limit, or judge a shorter history"};
      return outcome;
    }
    outcome.verdict = Verdict::kViolation;
    outcome.violations.push_back(Explain());
    return outcome;
  }

 private:
  void MakeChains(const std::vector<Item> &items,
                  const SessionChoice &sessions) {
    std::map<ValueId, std::vector<size_t>> of_session;
    for (const Item &item : items) {
      const OpIndex op = item.interval.operation;
      const ValueId session = sessions.sessions.empty() ? history_.session(op)
                                                        : sessions.sessions[op];
      std::vector<size_t> &own = of_session[session];
      const auto free = std::find_if(own.begin(), own.end(), [&](size_t chain) {
        return chains_[chain].back().interval.end < item.interval.call;
      });
      size_t chain = chains_.size();
      if (free != own.end()) {
        chain = *free;
      } else {
        own.push_back(chain);
        chains_.emplace_back();
      }
      chains_[chain].push_back(item);
      if (item.interval.end != kNever) ++required_;
    }
    sisters_.resize(chains_.size());
    for (const auto &[session, own] : of_session) {
      for (const size_t chain : own) sisters_[chain] = own;
    }
  }

  // True if all that precedes the next operation of `chain` in its session has
  // been placed.
  bool IsReady(const Configuration &at, size_t chain) const {
    const Item &item = chains_[chain][at[chain]];
    for (const size_t sister : sisters_[chain]) {
      if (sister == chain || at[sister] == chains_[sister].size()) continue;
      if (chains_[sister][at[sister]].interval.end < item.interval.call) {
        return false;
      }
    }
    return true;
  }

  size_t Placed(const Configuration &at) const {
    size_t placed = 0;
    for (size_t c = 0; c < chains_.size(); ++c) {
      placed += at[c];
      // An info operation ends its chain and need not be placed.
      if (at[c] == chains_[c].size() &&
          chains_[c].back().interval.end == kNever) {
        --placed;
      }
    }
    return placed;
  }

  size_t NewestAt(const Item &item) const {
    return chains_.size() + models_.size() + item.part;
  }

  // True if the operation would see an update that was called only after it had
  // returned.
  bool SeesFuture(const Configuration &at, const Item &item) const {
    if (!observation_ || at[NewestAt(item)] < item.interval.end) return false;
    const SequentialModel &model = *models_[item.part];
    const ActionId action = item.interval.action;
    switch (*observation_) {
      case Observation::kRegister:
      case Observation::kCounter:
        return !model.FitsEveryState(action);
      case Observation::kList:
      case Observation::kSet:
        return model.IsReadOnly(action);
    }
    return false;
  }

  // A register shows its last update, everything else all of them.
  void NoteUpdate(Configuration &at, const Item &item) const {
    if (!observation_ || models_[item.part]->IsReadOnly(item.interval.action)) {
      return;
    }
    uint32_t &newest = at[NewestAt(item)];
    newest = *observation_ == Observation::kRegister
                 ? item.interval.call
                 : std::max(newest, item.interval.call);
  }

  // Appends what `at` becomes by the next operation of `chain`.
  void Step(const Configuration &at, size_t chain,
            std::vector<Configuration> &next) {
    const Item &item = chains_[chain][at[chain]];
    if (SeesFuture(at, item)) return;
    successors_.clear();
    models_[item.part]->Step(at[chains_.size() + item.part],
                             item.interval.action, successors_);
    for (const StateId state : successors_) {
      next.push_back(at);
      ++next.back()[chain];
      next.back()[chains_.size() + item.part] = state;
      NoteUpdate(next.back(), item);
    }
  }

  // A read-only operation that fits changes nothing, so it can be placed at
  // once.
  void TakeReads(Configuration &at) {
    bool took = true;
    while (took) {
      took = false;
      for (size_t c = 0; c < chains_.size(); ++c) {
        while (at[c] < chains_[c].size() && IsReady(at, c)) {
          const Item &item = chains_[c][at[c]];
          if (!models_[item.part]->IsReadOnly(item.interval.action) ||
              SeesFuture(at, item)) {
            break;
          }
          successors_.clear();
          models_[item.part]->Step(at[chains_.size() + item.part],
                                   item.interval.action, successors_);
          if (successors_.empty()) break;
          ++at[c];
          took = true;
        }
      }
    }
  }

  bool Explore() {
    Configuration start(chains_.size(), 0);
    for (const auto &model : models_) start.push_back(model->InitialState());
    start.resize(start.size() + models_.size(), 0);
    std::vector<Configuration> stack = {std::move(start)};
    std::vector<Configuration> next;
    std::vector<std::pair<Position, size_t>> order;
    while (!stack.empty()) {
      Configuration at = std::move(stack.back());
      stack.pop_back();
      TakeReads(at);
      const size_t placed = Placed(at);
      if (placed > furthest_ || furthest_at_.empty()) {
        furthest_ = placed;
        furthest_at_ = at;
      }
      if (placed == required_) return true;
      const size_t bytes = at.size() * sizeof(uint32_t) + 48;
      if (budget_.Exhausted() || !budget_.Charge(bytes)) return false;
      charged_ += bytes;
      if (!visited_.insert(at).second) continue;
      // The earliest call on top of the stack.
      order.clear();
      for (size_t c = 0; c < chains_.size(); ++c) {
        if (at[c] == chains_[c].size() || !IsReady(at, c)) continue;
        order.emplace_back(chains_[c][at[c]].interval.call, c);
      }
      std::sort(order.rbegin(), order.rend());
      for (const auto &[call, c] : order) {
        next.clear();
        Step(at, c, next);
        for (Configuration &configuration : next) {
          stack.push_back(std::move(configuration));
        }
      }
    }
    return false;
  }

  // Where the search got furthest: what stood next in each session, and why it
  // did not fit.
  Violation Explain() {
    Violation violation;
    violation.kind = "not-sequential";
    violation.summary = absl::StrCat(
        "no order of all operations that keeps each session's explains every "
        "result; the longest explains ",
        furthest_, " of ", required_);
    for (size_t c = 0; c < chains_.size(); ++c) {
      if (furthest_at_[c] == chains_[c].size()) continue;
      const Item &item = chains_[c][furthest_at_[c]];
      const StateId state = furthest_at_[chains_.size() + item.part];
      successors_.clear();
      models_[item.part]->Step(state, item.interval.action, successors_);
      const OpIndex op = item.interval.operation;
      violation.core.push_back(op);
      violation.sentences.push_back(absl::StrCat(
          "Where that one ends, ", history::OperationText(history_, op), " (",
          history::OperationPlace(history_, op), ") comes next in its session",
          SeesFuture(furthest_at_, item)
              ? std::string(" and had returned before what it would see then "
                            "was called")
          : successors_.empty()
              ? absl::StrCat(" and does not fit: ",
                             models_[item.part]->DescribeRefusal(
                                 state, item.interval.action))
              : std::string(", and leads no further"),
          "."));
    }
    std::sort(violation.core.begin(), violation.core.end());
    return violation;
  }

  const History &history_;
  Budget &budget_;
  std::optional<Observation> observation_;  // of data types with reads
  std::vector<std::unique_ptr<SequentialModel>> models_;  // by partition
  std::vector<Chain> chains_;
  std::vector<std::vector<size_t>> sisters_;  // by chain: its session's
  std::vector<StateId> successors_;
  absl::flat_hash_set<Configuration> visited_;
  Configuration furthest_at_;
  size_t furthest_ = 0;
  size_t required_ = 0;
  size_t charged_ = 0;
};

}  // namespace

absl::StatusOr<ModelOutcome> SearchSequentialOrder(
    const History &history, const ModelInfo &model,
    const Partitioning &partitioning, const SessionChoice &sessions,
    ValueId initial, Budget &budget) {
  Search search(history, budget);
  const absl::Status status =
      search.Prepare(model, partitioning, sessions, initial);
  if (!status.ok()) return status;
  return search.Run();
}

}  // namespace minos::checker
