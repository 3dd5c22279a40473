// Depth first over how far each session has come. What is next in a session is
// placed; reads that fit are placed at once, since they change nothing. A
// configuration is how far each chain is and the state of each object, and none
// is visited twice.
//
// Dead ends show late: a session whose next read fits no more stands still
// while the others go on to the end. So the search is first held within a
// window: no operation is placed while one that must be was called so many
// events before it and has not been. What is found so is found; where nothing
// was, and the window kept something out, it is made wider, and in the end left
// open. Stores lag by a little, and a narrow window finds their orders soon.
//
// Where additions to a counter never lower it, a sum that is above what some
// read has yet to return is a dead end.

#include "checker/sequential_search.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "checker/deciders/function_index.h"
#include "checker/intervals.h"
#include "checker/session_choice.h"
#include "checker/session_history_builder.h"
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
  // True if its result says something of the state: an addition of nothing to a
  // counter leaves every state as it is, but does not read it, and neither does
  // an append that only strings take.
  bool looks = true;
  // By chain: how many of its operations must have been placed before; empty
  // for none.
  std::vector<uint32_t> needs = {};
};

// The operations of a session that follow each other.
using Chain = std::vector<Item>;

// The widths of the windows, in positions of the history.
constexpr Position kWindows[] = {100, 400, 1600, kNever};
constexpr size_t kConfigurationsAWindow = 30'000;
// How many levels of counters are kept at most, and which amounts.
constexpr size_t kMaxLevels = 4'000'000;
constexpr int64_t kMaxAmount = int64_t{1} << 40;

// At a place of a chain: what it has added to a counter up to there, and the
// lowest sum that it has yet to read, less what the counter began with.
struct Level {
  int64_t added = 0;
  int64_t lowest = INT64_MAX;
};

// What may be placed next; see OrderNext.
struct Next {
  bool is_optional;
  Position rank;
  uint32_t chain;
  auto operator<=>(const Next&) const = default;
};

// How far each chain has come, then the state of each object, then where the
// newest update that a read of the object would see was called.
using Configuration = std::vector<uint32_t>;

class Search {
 public:
  Search(const History& history, Budget& budget)
      : history_(history), budget_(budget) {}

  absl::Status Prepare(const ModelInfo& model, const Partitioning& partitioning,
                       const SessionChoice& sessions, ValueId initial) {
    if (const auto observation = ObservationOf(model); observation.ok()) {
      observation_ = *observation;
    }
    functions_.emplace(history_.values(), model);
    std::vector<Item> items;
    for (const Partition& partition : partitioning.partitions) {
      auto made = model.make(history_.values(), initial);
      if (!made.ok()) return made.status();
      models_.push_back(*std::move(made));
      auto intervals = MakeIntervals(history_, partitioning.keying,
                                     partition.operations, *models_.back());
      if (!intervals.ok()) return intervals.status();
      for (const Interval& interval : *intervals) {
        if (interval.end == kNever &&
            models_.back()->IsUnobservable(interval.action)) {
          continue;
        }
        items.push_back({interval, static_cast<uint32_t>(models_.size() - 1),
                         !IsBareAddition(partitioning, interval)});
      }
      models_.back()->Settle();
    }
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
      return a.interval.call < b.interval.call;
    });
    MakeChains(items, sessions);
    return absl::OkStatus();
  }

  // Notes what is added to counters and read of them, where nothing is taken
  // away.
  void MeasureCounters(int64_t initial, const Keying keying) {
    if (observation_ != Observation::kCounter) return;
    const size_t parts = models_.size();
    if (parts * required_ > kMaxLevels) return;
    std::vector<std::vector<Level>> levels(chains_.size());
    for (size_t c = 0; c < chains_.size(); ++c) {
      const Chain& chain = chains_[c];
      levels[c].resize((chain.size() + 1) * parts);
      for (size_t i = 0; i < chain.size(); ++i) {
        std::copy_n(&levels[c][i * parts], parts, &levels[c][(i + 1) * parts]);
        const auto amount = AmountOf(chain[i], keying);
        if (!amount || *amount < 0) return;
        levels[c][(i + 1) * parts + chain[i].part].added += *amount;
      }
      for (size_t i = chain.size(); i-- > 0;) {
        for (size_t part = 0; part < parts; ++part) {
          levels[c][i * parts + part].lowest =
              levels[c][(i + 1) * parts + part].lowest;
        }
        const auto sum = SumOf(chain[i], keying);
        if (!sum) continue;
        int64_t& lowest = levels[c][i * parts + chain[i].part].lowest;
        lowest = std::min(lowest, *sum - initial);
      }
    }
    levels_ = std::move(levels);
  }

  // Lets no update be placed before those that `arbitration` puts before it.
  void Arbitrate(RuleSet arbitration) {
    if (!observation_) return;
    if (Has(arbitration, kRealTimeArbitration)) {
      Require([&](const Item& item) -> std::optional<Ranks> {
        if (!IsUpdate(item)) return std::nullopt;
        return Ranks{item.interval.end, item.interval.call};
      });
    }
    if (Has(arbitration, kVersionArbitration)) {
      Require([&](const Item& item) -> std::optional<Ranks> {
        const auto version = VersionOf(item);
        if (!version || !IsUpdate(item)) return std::nullopt;
        return Ranks{*version, *version};
      });
    }
  }

  // A fenced lock hands out its tokens in their order.
  void OrderTokens(const ModelInfo& model) {
    if (model.name != "fenced-lock") return;
    const history::ValueTable& values = history_.values();
    Require([&](const Item& item) -> std::optional<Ranks> {
      const OpIndex op = item.interval.operation;
      const ValueId token = history_.result(op);
      if (item.interval.end == kNever || token == history::kNoValue ||
          values.kind(token) != history::ValueKind::kInteger ||
          functions_->MainNameOf(history_.function(op)) != "acquire") {
        return std::nullopt;
      }
      return Ranks{values.integer(token), values.integer(token)};
    });
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
  // True if the operation says nothing of the state, though it may not fit each
  // one or leave each as it is: it adds to a counter, or to a string.
  bool IsBareAddition(const Partitioning& partitioning,
                      const Interval& interval) {
    if (!observation_) return false;
    const std::string_view name = functions_->MainNameOf(
        CallOf(history_, partitioning.keying, interval.operation).function);
    if (*observation_ == Observation::kRegister) return name == "append";
    return *observation_ == Observation::kCounter &&
           (name == "add" || name == "increment" || name == "decrement");
  }

  // What the operation adds: 0 for a read; nullopt if that is beyond what is
  // counted with here.
  std::optional<int64_t> AmountOf(const Item& item, Keying keying) {
    const Call call = CallOf(history_, keying, item.interval.operation);
    const std::string_view name = functions_->MainNameOf(call.function);
    if (name == "read") return 0;
    if (name != "add" && name != "increment" && name != "add-and-get") {
      return std::nullopt;
    }
    if (call.argument == history::kNil) return 1;
    const history::ValueTable& values = history_.values();
    if (values.kind(call.argument) != history::ValueKind::kInteger) {
      return std::nullopt;
    }
    const int64_t amount = values.integer(call.argument);
    return amount > kMaxAmount ? std::nullopt : std::optional(amount);
  }
  // What an ok read returned.
  std::optional<int64_t> SumOf(const Item& item, Keying keying) {
    const Call call = CallOf(history_, keying, item.interval.operation);
    const bool is_read = functions_->MainNameOf(call.function) == "read";
    if (!is_read || item.interval.end == kNever ||
        history_.values().kind(call.result) != history::ValueKind::kInteger) {
      return std::nullopt;
    }
    return history_.values().integer(call.result);
  }

  bool IsUpdate(const Item& item) const {
    return !models_[item.part]->IsReadOnly(item.interval.action) || !item.looks;
  }
  std::optional<int64_t> VersionOf(const Item& item) const {
    const ValueId version = history_.Extra(item.interval.operation, "version");
    if (version == history::kNoValue ||
        history_.values().kind(version) != history::ValueKind::kInteger) {
      return std::nullopt;
    }
    return history_.values().integer(version);
  }

  // An operation of an object comes before another one exactly if its first
  // rank is less than the other's second.
  struct Ranks {
    int64_t first = 0;
    int64_t second = 0;
  };
  struct Ranked {
    Ranks ranks;
    uint32_t part;
    uint32_t chain;
    uint32_t place;
  };

  // Notes for each operation that has ranks what must be placed before it.
  // Operations that need not be placed come before none. O(n · chains).
  template <typename F>
  void Require(F ranks_of) {
    std::vector<Ranked> all;
    for (uint32_t c = 0; c < chains_.size(); ++c) {
      for (uint32_t i = 0; i < chains_[c].size(); ++i) {
        const auto ranks = ranks_of(chains_[c][i]);
        if (ranks) all.push_back({*ranks, chains_[c][i].part, c, i});
      }
    }
    std::vector<Ranked> before = all;
    std::erase_if(before, [&](const Ranked& ranked) {
      return ItemOf(ranked).interval.end == kNever;
    });
    std::sort(before.begin(), before.end(),
              [](const Ranked& a, const Ranked& b) {
                return std::pair(a.part, a.ranks.first) <
                       std::pair(b.part, b.ranks.first);
              });
    std::sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) {
      return std::pair(a.part, a.ranks.second) <
             std::pair(b.part, b.ranks.second);
    });
    std::vector<uint32_t> passed(chains_.size(), 0);
    size_t next = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      if (i > 0 && all[i].part != all[i - 1].part) {
        std::fill(passed.begin(), passed.end(), 0);
      }
      for (; next < before.size() &&
             std::pair(before[next].part, before[next].ranks.first) <
                 std::pair(all[i].part, all[i].ranks.second);
           ++next) {
        if (before[next].part != all[i].part) continue;
        uint32_t& count = passed[before[next].chain];
        count = std::max(count, before[next].place + 1);
      }
      std::vector<uint32_t>& needs = ItemOf(all[i]).needs;
      needs.resize(chains_.size(), 0);
      for (size_t c = 0; c < chains_.size(); ++c) {
        needs[c] = std::max(needs[c], passed[c]);
      }
    }
  }
  Item& ItemOf(const Ranked& ranked) {
    return chains_[ranked.chain][ranked.place];
  }

  void MakeChains(const std::vector<Item>& items,
                  const SessionChoice& sessions) {
    std::map<ValueId, std::vector<size_t>> of_session;
    for (const Item& item : items) {
      const OpIndex op = item.interval.operation;
      const ValueId session = sessions.SessionOf(history_, op);
      std::vector<size_t>& own = of_session[session];
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
    for (const auto& [session, own] : of_session) {
      for (const size_t chain : own) sisters_[chain] = own;
    }
  }

  // True if all that precedes the next operation of `chain` in its session has
  // been placed.
  bool IsReady(const Configuration& at, size_t chain) const {
    const Item& item = chains_[chain][at[chain]];
    for (const size_t sister : sisters_[chain]) {
      if (sister == chain || at[sister] == chains_[sister].size()) continue;
      if (chains_[sister][at[sister]].interval.end < item.interval.call) {
        return false;
      }
    }
    for (size_t c = 0; c < item.needs.size(); ++c) {
      if (at[c] < item.needs[c]) return false;
    }
    return true;
  }

  size_t Placed(const Configuration& at) const {
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

  size_t NewestAt(const Item& item) const {
    return chains_.size() + models_.size() + item.part;
  }

  // True if the operation would see an update that was called only after it had
  // returned.
  bool SeesFuture(const Configuration& at, const Item& item) const {
    if (!observation_ || !item.looks ||
        at[NewestAt(item)] < item.interval.end) {
      return false;
    }
    const SequentialModel& model = *models_[item.part];
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
  void NoteUpdate(Configuration& at, const Item& item) const {
    if (!observation_ || models_[item.part]->IsReadOnly(item.interval.action)) {
      return;
    }
    uint32_t& newest = at[NewestAt(item)];
    newest = *observation_ == Observation::kRegister
                 ? item.interval.call
                 : std::max(newest, item.interval.call);
  }

  // Appends what `at` becomes by the next operation of `chain`.
  void Step(const Configuration& at, size_t chain,
            std::vector<Configuration>& next) {
    const Item& item = chains_[chain][at[chain]];
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
  void TakeReads(Configuration& at) {
    bool took = true;
    while (took) {
      took = false;
      for (size_t c = 0; c < chains_.size(); ++c) {
        while (at[c] < chains_[c].size() && IsReady(at, c)) {
          const Item& item = chains_[c][at[c]];
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

  enum class End : uint8_t { kFound, kNone, kCutShort };

  // Wider and wider, and last without a window.
  bool Explore() {
    for (const Position window : kWindows) {
      Forget();
      const size_t most = window == kNever ? SIZE_MAX : kConfigurationsAWindow;
      const End end = ExploreWithin(window, most);
      if (end == End::kFound) return true;
      if (end == End::kNone || budget_.Exhausted()) return false;
    }
    return false;
  }

  void Forget() {
    visited_.clear();
    budget_.Release(charged_);
    charged_ = 0;
  }

  // The call of the first operation that must be placed and is not.
  Position FirstCall(const Configuration& at) const {
    Position first = kNever;
    for (size_t c = 0; c < chains_.size(); ++c) {
      if (at[c] == chains_[c].size()) continue;
      const Interval& interval = chains_[c][at[c]].interval;
      if (interval.end != kNever) first = std::min(first, interval.call);
    }
    return first;
  }

  // True if a counter has grown beyond what is still to be read of it.
  bool HasOvershot(const Configuration& at) const {
    if (levels_.empty()) return false;
    sums_.assign(models_.size(), 0);
    lowest_.assign(models_.size(), INT64_MAX);
    for (size_t c = 0; c < chains_.size(); ++c) {
      for (size_t part = 0; part < models_.size(); ++part) {
        const Level& level = levels_[c][at[c] * models_.size() + part];
        sums_[part] += level.added;
        lowest_[part] = std::min(lowest_[part], level.lowest);
      }
    }
    for (size_t part = 0; part < models_.size(); ++part) {
      if (sums_[part] > lowest_[part]) return true;
    }
    return false;
  }

  // The next operations, the best on top of the stack: those that must be
  // placed in the order of their calls, then the others, the latest first.
  void OrderNext(const Configuration& at, Position window, bool& was_cut) {
    const Position first = FirstCall(at);
    const Position last = first > kNever - window ? kNever : first + window;
    order_.clear();
    for (uint32_t c = 0; c < chains_.size(); ++c) {
      if (at[c] == chains_[c].size() || !IsReady(at, c)) continue;
      const Interval& interval = chains_[c][at[c]].interval;
      if (interval.call > last) {
        was_cut = true;
        continue;
      }
      const bool is_optional = interval.end == kNever;
      order_.push_back({is_optional,
                        is_optional ? kNever - interval.call : interval.call,
                        c});
    }
    std::sort(order_.rbegin(), order_.rend());
  }

  End ExploreWithin(Position window, size_t most) {
    Configuration start(chains_.size(), 0);
    for (const auto& model : models_) start.push_back(model->InitialState());
    start.resize(start.size() + models_.size(), 0);
    std::vector<Configuration> stack = {std::move(start)};
    std::vector<Configuration> next;
    bool was_cut = false;
    while (!stack.empty()) {
      Configuration at = std::move(stack.back());
      stack.pop_back();
      TakeReads(at);
      const size_t placed = Placed(at);
      if (placed > furthest_ || furthest_at_.empty()) {
        furthest_ = placed;
        furthest_at_ = at;
      }
      if (placed == required_) return End::kFound;
      const size_t bytes = at.size() * sizeof(uint32_t) + 48;
      if (budget_.Exhausted() || visited_.size() > most) return End::kCutShort;
      if (HasOvershot(at)) continue;
      if (!budget_.Charge(bytes)) return End::kCutShort;
      charged_ += bytes;
      if (!visited_.insert(at).second) continue;
      OrderNext(at, window, was_cut);
      for (const Next& choice : order_) {
        next.clear();
        Step(at, choice.chain, next);
        for (Configuration& configuration : next) {
          stack.push_back(std::move(configuration));
        }
      }
    }
    return was_cut ? End::kCutShort : End::kNone;
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
      const Item& item = chains_[c][furthest_at_[c]];
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

  const History& history_;
  Budget& budget_;
  std::optional<Observation> observation_;  // of data types with reads
  std::optional<FunctionIndex> functions_;
  std::vector<std::unique_ptr<SequentialModel>> models_;  // by partition
  std::vector<Chain> chains_;
  std::vector<std::vector<size_t>> sisters_;  // by chain: its session's
  std::vector<StateId> successors_;
  std::vector<std::vector<Level>> levels_;  // by chain; see MeasureCounters
  mutable std::vector<int64_t> sums_;
  mutable std::vector<int64_t> lowest_;
  std::vector<Next> order_;
  absl::flat_hash_set<Configuration> visited_;
  Configuration furthest_at_;
  size_t furthest_ = 0;
  size_t required_ = 0;
  size_t charged_ = 0;
};

int64_t IntegerOr0(const History& history, ValueId value) {
  const bool is_integer =
      value != history::kNoValue &&
      history.values().kind(value) == history::ValueKind::kInteger;
  return is_integer ? history.values().integer(value) : 0;
}

}  // namespace

absl::StatusOr<ModelOutcome> SearchSequentialOrder(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    ValueId initial, RuleSet arbitration, Budget& budget) {
  Search search(history, budget);
  const absl::Status status =
      search.Prepare(model, partitioning, sessions, initial);
  if (!status.ok()) return status;
  search.Arbitrate(arbitration);
  search.OrderTokens(model);
  search.MeasureCounters(IntegerOr0(history, initial), partitioning.keying);
  return search.Run();
}

}  // namespace minos::checker
