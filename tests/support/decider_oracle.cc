#include "tests/support/decider_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/model_registry.h"
#include "checker/wgl.h"
#include "history/edn.h"
#include "history/value_text.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using checker::ActionId;
using checker::Budget;
using checker::Decision;
using checker::Limits;
using checker::ObservedCall;
using checker::SequentialModel;
using checker::StateId;
using checker::Verdict;
using history::kNever;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueId;

// An alphabet as values and actions.
class Language {
 public:
  struct Sign {
    ValueId function;
    ValueId argument;
    std::vector<ValueId> results;
    ActionId open;  // the action of the call while it has no result
    std::vector<ActionId> actions;  // of each result
  };

  explicit Language(const DeciderAlphabet& alphabet) {
    const auto info = checker::FindModel(alphabet.model);
    EXPECT_TRUE(info.ok()) << info.status();
    info_ = *info;
    if (!alphabet.initial.empty()) initial_ = Parse(alphabet.initial);
    for (const DeciderLetter& letter : alphabet.letters) {
      const ValueId argument =
          letter.argument.empty() ? kNoValue : Parse(letter.argument);
      Sign sign{values_.Keyword(letter.function), argument, {}, 0, {}};
      for (const auto& result : letter.results) {
        sign.results.push_back(Parse(result));
      }
      signs_.push_back(std::move(sign));
    }
    model_ = NewModel();
    for (Sign& sign : signs_) {
      sign.open = Intern(*model_, Open(sign));
      for (const ValueId result : sign.results) {
        sign.actions.push_back(Intern(*model_, Completed(sign, result)));
      }
    }
  }

  const std::vector<Sign>& signs() const { return signs_; }
  SequentialModel& model() { return *model_; }

  static checker::Call Open(const Sign& sign) {
    return {sign.function, sign.argument, kNoValue, false};
  }
  static checker::Call Completed(const Sign& sign, ValueId result) {
    return {sign.function, sign.argument, result, true};
  }

  std::unique_ptr<SequentialModel> NewModel() const {
    auto model = info_->make(values_, initial_);
    EXPECT_TRUE(model.ok()) << model.status();
    return *std::move(model);
  }

  Decision Decide(const checker::DeciderInfo& decider,
                  const std::vector<ObservedCall>& calls) const {
    Budget budget{Limits()};
    return decider.decide({calls, *info_, values_, initial_}, budget);
  }

  checker::SearchResult Search(const std::vector<ObservedCall>& calls) const {
    const auto model = NewModel();
    std::vector<checker::Interval> intervals;
    for (const ObservedCall& call : calls) {
      intervals.push_back(
          {call.operation, call.call, call.end, Intern(*model, call.content)});
    }
    Budget budget{Limits()};
    return checker::SearchLinearization(intervals, *model, budget);
  }

  std::string Text(const std::vector<ObservedCall>& calls) const {
    std::string text;
    for (const ObservedCall& call : calls) {
      absl::StrAppend(
          &text, "\n  ", call.operation, ": [", call.call, ", ",
          call.end == kNever ? "never" : absl::StrCat(call.end), "] ",
          history::ToShortText(values_, call.content.function, 20), " ",
          history::ToShortText(values_, call.content.argument, 40));
      if (call.content.is_ok) {
        absl::StrAppend(&text, " -> ",
                        history::ToShortText(values_, call.content.result, 40));
      }
    }
    return text;
  }

  static ActionId Intern(SequentialModel& model, const checker::Call& call) {
    const auto action = model.Intern(call);
    EXPECT_TRUE(action.ok()) << action.status();
    return action.ok() ? *action : 0;
  }

 private:
  ValueId Parse(const std::string& text) {
    const auto value = history::ParseEdn(text, values_);
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *value : history::kNil;
  }

  const checker::ModelInfo* info_ = nullptr;
  history::ValueTable values_;
  ValueId initial_ = kNoValue;
  std::vector<Sign> signs_;
  std::unique_ptr<SequentialModel> model_;
};

// Whether some order of `actions` that keeps real time is legal.
class BruteForce {
 public:
  BruteForce(SequentialModel& model, const std::vector<ObservedCall>& calls,
             const std::vector<ActionId>& actions)
      : model_(model), calls_(calls), actions_(actions) {}

  bool IsLinearizable() { return GoOn(model_.InitialState(), 0); }

 private:
  bool GoOn(StateId state, uint32_t used) {
    bool is_complete = true;
    Position first_end = kNever;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if ((used >> i & 1) != 0 || calls_[i].end == kNever) continue;
      is_complete = false;
      first_end = std::min(first_end, calls_[i].end);
    }
    if (is_complete) return true;
    for (size_t i = 0; i < calls_.size(); ++i) {
      if ((used >> i & 1) != 0 || calls_[i].call > first_end) continue;
      std::vector<StateId> successors;
      model_.Step(state, actions_[i], successors);
      for (const StateId next : successors) {
        if (GoOn(next, used | uint32_t{1} << i)) return true;
      }
    }
    return false;
  }

  SequentialModel& model_;
  const std::vector<ObservedCall>& calls_;
  const std::vector<ActionId>& actions_;
};

// What is wrong with `order` as an explanation of `calls`; empty if nothing.
std::string FlawOf(const std::vector<OpIndex>& order,
                   const std::vector<ObservedCall>& calls,
                   SequentialModel& model) {
  std::vector<StateId> states = {model.InitialState()};
  std::vector<bool> used(calls.size(), false);
  Position latest_call = 0;
  for (const OpIndex op : order) {
    const auto at = std::find_if(
        calls.begin(), calls.end(),
        [op](const ObservedCall& call) { return call.operation == op; });
    if (at == calls.end()) return absl::StrCat("unknown operation ", op);
    const size_t i = static_cast<size_t>(at - calls.begin());
    if (used[i]) return absl::StrCat("operation ", op, " stands twice");
    used[i] = true;
    if (at->end < latest_call) return absl::StrCat("real time broken at ", op);
    latest_call = std::max(latest_call, at->call);
    std::vector<StateId> next;
    for (const StateId state : states) {
      model.Step(state, Language::Intern(model, at->content), next);
    }
    if (next.empty()) return absl::StrCat("operation ", op, " does not fit");
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
    states = std::move(next);
  }
  for (size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].content.is_ok && !used[i]) {
      return absl::StrCat("operation ", calls[i].operation, " is missing");
    }
  }
  return "";
}

// Holds a decision against the truth; `culprit` is empty for a valid history.
void Compare(const Decision& decision, std::optional<OpIndex> culprit,
             const std::vector<ObservedCall>& calls, Language& language,
             Tally& tally) {
  switch (decision.kind) {
    case Decision::Kind::kNotApplicable:
      ++tally.not_applicable;
      EXPECT_NE(decision.reason, "");
      EXPECT_NE(decision.reason, "the decider contradicts itself")
          << language.Text(calls);
      return;
    case Decision::Kind::kValid: {
      ++tally.valid;
      EXPECT_FALSE(culprit) << "called valid:" << language.Text(calls);
      if (culprit) return;
      const std::string flaw =
          FlawOf(decision.linearization, calls, language.model());
      EXPECT_EQ(flaw, "") << language.Text(calls);
      return;
    }
    case Decision::Kind::kViolation:
      ++tally.violation;
      EXPECT_NE(decision.reason, "");
      EXPECT_TRUE(culprit) << "called a violation (" << decision.reason
                           << "):" << language.Text(calls);
      if (!culprit) return;
      if (decision.is_culprit_exact) {
        EXPECT_EQ(decision.culprit, *culprit)
            << decision.reason << language.Text(calls);
      } else {
        ++tally.inexact;
        EXPECT_GE(calls[decision.culprit].end, calls[*culprit].end)
            << decision.reason << language.Text(calls);
      }
      return;
    case Decision::Kind::kUnknown:
      ADD_FAILURE() << "no budget was set";
  }
}

// Walks through all histories as a tree: each child has one event more. Shards
// share the few histories near the root, and divide what grows from them.
class Exhaustion {
 public:
  Exhaustion(const checker::DeciderInfo& decider,
             const DeciderAlphabet& alphabet, int operations)
      : decider_(decider),
        language_(alphabet),
        operations_(static_cast<size_t>(operations)),
        shard_(ShardOfEnvironment()) {}

  Tally Run() {
    Visit(std::nullopt);
    return tally_;
  }

 private:
  void Visit(std::optional<OpIndex> culprit) {
    if (::testing::Test::HasFailure()) return;
    if (now_ == kSharedEvents && !shard_.Has(subtrees_++)) return;
    Compare(language_.Decide(decider_, calls_), culprit, calls_, language_,
            tally_);
    for (size_t i = 0; i < calls_.size(); ++i) {
      if (!calls_[i].content.is_ok) ReturnEachWay(i, culprit);
    }
    if (calls_.size() == operations_) return;
    for (size_t sign = 0; sign < language_.signs().size(); ++sign) {
      const Language::Sign& called = language_.signs()[sign];
      calls_.push_back({static_cast<OpIndex>(calls_.size()), now_++, kNever,
                        Language::Open(called)});
      actions_.push_back(called.open);
      sign_of_.push_back(sign);
      Visit(culprit);
      sign_of_.pop_back();
      actions_.pop_back();
      calls_.pop_back();
      --now_;
    }
  }

  void ReturnEachWay(size_t i, std::optional<OpIndex> culprit) {
    const Language::Sign& sign = language_.signs()[sign_of_[i]];
    const ObservedCall open = calls_[i];
    calls_[i].end = now_++;
    for (size_t r = 0; r < sign.results.size(); ++r) {
      calls_[i].content = Language::Completed(sign, sign.results[r]);
      actions_[i] = sign.actions[r];
      std::optional<OpIndex> certain = culprit;
      if (!certain &&
          !BruteForce(language_.model(), calls_, actions_).IsLinearizable()) {
        certain = calls_[i].operation;
      }
      Visit(certain);
    }
    calls_[i] = open;
    actions_[i] = sign.open;
    --now_;
  }

  static constexpr Position kSharedEvents = 4;

  const checker::DeciderInfo& decider_;
  Language language_;
  size_t operations_;
  TinyShard shard_;
  size_t subtrees_ = 0;
  Tally tally_;
  Position now_ = 0;
  std::vector<ObservedCall> calls_;
  std::vector<ActionId> actions_;
  std::vector<size_t> sign_of_;
};

// Runs an atomic object with a few clients, some of which get no answer or a
// wrong one.
class Recording {
 public:
  Recording(Language& language, int operations, uint64_t seed)
      : language_(language), operations_(operations), random_(seed) {}

  std::vector<ObservedCall> Make() {
    const size_t clients = 1 + Draw(6);
    const size_t length = 1 + Draw(static_cast<size_t>(operations_));
    const bool reuses = Draw(4) == 0;
    lies_after_ = Draw(2) == 0 ? Draw(length) : length;
    return Run(clients, length, reuses);
  }

  // All results are right, and no letter with one result is used twice.
  std::vector<ObservedCall> MakeAtomic() {
    const auto length = static_cast<size_t>(operations_);
    lies_after_ = length;
    return Run(2 + Draw(25), length, /*reuses=*/false);
  }

 private:
  struct Pending {
    size_t call;
    size_t sign;
    bool has_happened = false;
    ValueId result = kNoValue;
  };

  std::vector<ObservedCall> Run(size_t clients, size_t length, bool reuses) {
    state_ = language_.model().InitialState();
    info_percent_ = Draw(2) == 0 ? 10 + Draw(30) : 0;
    used_.assign(language_.signs().size(), false);
    open_.clear();
    calls_.clear();
    while (calls_.size() < length || !open_.empty()) {
      const size_t turn = Draw(3);
      if (turn == 0 && calls_.size() < length && open_.size() < clients) {
        Call(reuses);
      } else if (!open_.empty()) {
        Progress(Draw(open_.size()), turn);
      }
    }
    return std::move(calls_);
  }

  size_t Draw(size_t bound) { return random_() % bound; }

  void Call(bool reuses) {
    size_t sign = Draw(language_.signs().size());
    for (int i = 0; i < 8; ++i) {
      if ((reuses || !used_[sign]) && (Draw(8) == 0 || Fits(sign))) break;
      sign = Draw(language_.signs().size());
    }
    const Language::Sign& called = language_.signs()[sign];
    // What can return in many ways is a read: there may be any number.
    used_[sign] = called.results.size() == 1;
    open_.push_back({calls_.size(), sign});
    calls_.push_back({static_cast<OpIndex>(calls_.size()), now_++, kNever,
                      Language::Open(called)});
  }

  // Whether the operation could happen right now.
  bool Fits(size_t sign) {
    std::vector<StateId> successors;
    for (const ActionId action : language_.signs()[sign].actions) {
      language_.model().Step(state_, action, successors);
    }
    return !successors.empty();
  }

  void Progress(size_t index, size_t turn) {
    Pending& pending = open_[index];
    if (!pending.has_happened) {
      if (Draw(100) < info_percent_ / 2) {
        Forget(index);  // it never happens
      } else {
        Happen(pending);
      }
    } else if (turn == 1) {
      if (pending.result == kNoValue && pending.call >= lies_after_) {
        Pretend(pending);
      }
      if (pending.result != kNoValue && Draw(100) >= info_percent_ / 2) {
        Return(pending);
      }
      Forget(index);
    }
  }

  // Lets an operation that could not happen say that it did.
  void Pretend(Pending& pending) {
    const Language::Sign& sign = language_.signs()[pending.sign];
    pending.result = sign.results[Draw(sign.results.size())];
    lies_after_ = kNever;
  }

  void Forget(size_t index) {
    open_.erase(open_.begin() + static_cast<ptrdiff_t>(index));
  }

  // The operation takes effect with one of the results that fit; if none does,
  // it will be info.
  void Happen(Pending& pending) {
    pending.has_happened = true;
    const Language::Sign& sign = language_.signs()[pending.sign];
    const size_t first = Draw(sign.results.size());
    for (size_t i = 0; i < sign.results.size(); ++i) {
      const size_t r = (first + i) % sign.results.size();
      std::vector<StateId> successors;
      language_.model().Step(state_, sign.actions[r], successors);
      if (successors.empty()) continue;
      state_ = successors[Draw(successors.size())];
      pending.result = sign.results[r];
      break;
    }
  }

  void Return(const Pending& pending) {
    ObservedCall& call = calls_[pending.call];
    const Language::Sign& sign = language_.signs()[pending.sign];
    ValueId result = pending.result;
    if (sign.results.size() > 1 && pending.call >= lies_after_) {
      result = sign.results[Draw(sign.results.size())];
      lies_after_ = kNever;
    }
    call.content = Language::Completed(sign, result);
    call.end = now_++;
  }

  Language& language_;
  int operations_;
  std::mt19937_64 random_;
  StateId state_ = 0;
  // The first return of this call or a later one that can have several results
  // has any of them.
  size_t lies_after_ = 0;
  size_t info_percent_ = 0;
  std::vector<bool> used_;
  std::vector<Pending> open_;
  std::vector<ObservedCall> calls_;
  Position now_ = 0;
};

// What had happened at `last`: what returned later is info.
std::vector<ObservedCall> Prefix(const std::vector<ObservedCall>& calls,
                                 Position last) {
  std::vector<ObservedCall> prefix;
  for (ObservedCall call : calls) {
    if (call.call > last) break;
    if (call.end > last) {
      call.end = kNever;
      call.content.is_ok = false;
      call.content.result = kNoValue;
    }
    prefix.push_back(call);
  }
  return prefix;
}

// The operation whose return ends the smallest prefix of which the search finds
// no linearization; nothing if there is one of the whole.
std::optional<OpIndex> FirstViolation(const Language& language,
                                      const std::vector<ObservedCall>& calls) {
  if (language.Search(calls).verdict == Verdict::kValid) return std::nullopt;
  std::vector<std::pair<Position, OpIndex>> returns;
  for (const ObservedCall& call : calls) {
    if (call.end != kNever) returns.emplace_back(call.end, call.operation);
  }
  std::sort(returns.begin(), returns.end());
  for (const auto& [end, operation] : returns) {
    if (language.Search(Prefix(calls, end)).verdict == Verdict::kViolation) {
      return operation;
    }
  }
  ADD_FAILURE() << "only the whole is a violation:" << language.Text(calls);
  return std::nullopt;
}

uint64_t NumberFromEnvironment(const char* name, uint64_t usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

}  // namespace

std::string Tally::ToString() const {
  return absl::StrCat(valid, " valid, ", violation, " violations (", inexact,
                      " with a culprit that may be late), ", not_applicable,
                      " not applicable");
}

void ExpectEachAnswer(const Tally& tally, uint64_t most_inexact) {
  ::testing::Test::RecordProperty("tally", tally.ToString());
  EXPECT_GT(tally.valid, 0u) << tally.ToString();
  EXPECT_GT(tally.violation, 0u) << tally.ToString();
  EXPECT_GT(tally.not_applicable, 0u) << tally.ToString();
  EXPECT_LE(tally.inexact, most_inexact) << tally.ToString();
}

Tally CompareOnAllHistories(const checker::DeciderInfo& decider,
                            const DeciderAlphabet& alphabet, int operations) {
  return Exhaustion(decider, alphabet, operations).Run();
}

namespace {

// Compares what is decided of each of `count` recordings with what `judge`
// says.
template <typename Make, typename Judge>
Tally CompareOnRecordings(const checker::DeciderInfo& decider,
                          Language& language, uint64_t count, Make make,
                          Judge judge) {
  const TinyShard shard = ShardOfEnvironment();
  Tally tally;
  for (uint64_t i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    if (!shard.Has(i)) continue;
    const auto calls = make(i);
    Compare(language.Decide(decider, calls), judge(calls), calls, language,
            tally);
  }
  return tally;
}

}  // namespace

Tally CompareOnRandomHistories(const checker::DeciderInfo& decider,
                               const DeciderAlphabet& alphabet, int operations,
                               uint64_t count, uint64_t seed) {
  Language language(alphabet);
  return CompareOnRecordings(
      decider, language, count,
      [&](uint64_t i) {
        return Recording(language, operations, seed + i).Make();
      },
      [&](const auto& calls) { return FirstViolation(language, calls); });
}

Tally CompareOnAtomicRuns(const checker::DeciderInfo& decider,
                          const DeciderAlphabet& alphabet, int operations,
                          uint64_t count, uint64_t seed) {
  Language language(alphabet);
  return CompareOnRecordings(
      decider, language, count,
      [&](uint64_t i) {
        return Recording(language, operations, seed + i).MakeAtomic();
      },
      [](const auto&) { return std::nullopt; });
}

uint64_t RandomHistoryCount(uint64_t usual) {
  return NumberFromEnvironment("MINOS_ORACLE_HISTORIES", usual);
}

int AllHistoriesSize(int usual) {
  return static_cast<int>(NumberFromEnvironment("MINOS_ORACLE_OPERATIONS",
                                                static_cast<uint64_t>(usual)));
}

}  // namespace minos::testing
