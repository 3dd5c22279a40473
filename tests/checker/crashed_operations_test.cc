// Searches of histories in which many operations are info, and many of those
// equal: what the search drops because something else dominates it, because
// nothing notices it, or because it was merged with something else, shows only
// there.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "gtest/gtest.h"
#include "history/edn.h"
#include "tests/support/decider_oracle.h"
#include "tests/support/random_history.h"
#include "tests/support/sanitized.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using checker::ActionId;
using checker::SearchOptions;
using checker::SequentialModel;
using checker::StateId;
using checker::Verdict;
using history::kNever;
using history::ValueId;

// An operation of a history; `end` is kNever if it is info.
struct Operation {
  size_t letter = 0;
  size_t result = 0;  // of the letter; means nothing if it is info
  uint32_t call = 0;
  uint32_t end = kNever;
};
using Operations = std::vector<Operation>;

// An alphabet as actions of a model.
class Language {
 public:
  explicit Language(const DeciderAlphabet& alphabet) : alphabet_(alphabet) {
    const auto info = checker::FindModel(alphabet.model);
    EXPECT_TRUE(info.ok()) << info.status();
    model_ = *(*info)->make(values_, alphabet.initial.empty()
                                         ? history::kNoValue
                                         : Parse(alphabet.initial));
    for (const DeciderLetter& letter : alphabet.letters) {
      const ValueId function = values_.Keyword(letter.function);
      const ValueId argument = Parse(letter.argument);
      open_.push_back(*model_->Intern(
          {function, argument, history::kNoValue, /*is_ok=*/false}));
      completed_.emplace_back();
      for (const std::string& result : letter.results) {
        completed_.back().push_back(*model_->Intern(
            {function, argument, Parse(result), /*is_ok=*/true}));
      }
    }
    model_->Settle();
  }

  SequentialModel& model() { return *model_; }
  size_t letters() const { return open_.size(); }
  size_t results(size_t letter) const { return completed_[letter].size(); }
  ActionId ActionOf(const Operation& operation) const {
    return operation.end == kNever
               ? open_[operation.letter]
               : completed_[operation.letter][operation.result];
  }

  std::string Text(const Operations& operations) const {
    std::string text;
    for (const Operation& operation : operations) {
      const DeciderLetter& letter = alphabet_.letters[operation.letter];
      absl::StrAppend(&text, "\n  [", operation.call, ", ");
      absl::StrAppend(
          &text, operation.end == kNever ? "info" : absl::StrCat(operation.end),
          "] ", letter.function, " ", letter.argument);
      if (operation.end != kNever) {
        absl::StrAppend(&text, " -> ", letter.results[operation.result]);
      }
    }
    return text;
  }

 private:
  ValueId Parse(const std::string& text) {
    const auto value = history::ParseEdn(text, values_);
    EXPECT_TRUE(value.ok()) << value.status();
    return *value;
  }

  DeciderAlphabet alphabet_;
  history::ValueTable values_;
  std::unique_ptr<SequentialModel> model_;
  std::vector<ActionId> open_;
  std::vector<std::vector<ActionId>> completed_;
};

// What an atomic object answers to a few clients, many of which never hear of
// it; in most histories one or two answers are replaced by any others, or
// given where there was none.
class Recording {
 public:
  Recording(Language& language, size_t most_operations, TestRandom& random)
      : language_(language),
        size_(2 + random.Below(most_operations - 1)),
        clients_(1 + random.Below(4)),
        random_(random),
        state_(language.model().InitialState()) {}

  Operations Make() {
    while (operations_.size() < size_ || !open_.empty()) {
      const bool can_call =
          operations_.size() < size_ && open_.size() < clients_;
      if (can_call && (open_.empty() || random_.Percent(50))) {
        open_.push_back({operations_.size()});
        operations_.push_back({random_.Below(language_.letters()), 0, now_});
        now_ += 2;
      } else {
        Progress(random_.Below(open_.size()));
      }
      if (!late_.empty() && random_.Percent(25)) {
        TakeEffect(late_.back());
        late_.pop_back();
      }
    }
    for (int i = 0; i < 2; ++i) {
      if (random_.Percent(40)) Spoil();
    }
    return std::move(operations_);
  }

 private:
  struct Open {
    size_t operation;
    bool has_happened = false;
  };

  void Progress(size_t i) {
    const Open open = open_[i];
    if (!open.has_happened && random_.Percent(60)) {
      open_[i].has_happened = TakeEffect(open.operation);
      if (open_[i].has_happened) return;
    }
    open_.erase(open_.begin() + static_cast<ptrdiff_t>(i));
    if (open.has_happened && random_.Percent(75)) {
      operations_[open.operation].end = now_;
      now_ += 2;
    } else if (!open.has_happened && random_.Percent(60)) {
      late_.push_back(open.operation);
    }
  }

  // False if no result fits.
  bool TakeEffect(size_t operation) {
    const size_t letter = operations_[operation].letter;
    const size_t results = language_.results(letter);
    const size_t first = random_.Below(results);
    for (size_t i = 0; i < results; ++i) {
      const size_t result = (first + i) % results;
      std::vector<StateId> successors;
      language_.model().Step(state_, language_.ActionOf({letter, result, 0, 0}),
                             successors);
      if (successors.empty()) continue;
      operations_[operation].result = result;
      state_ = successors[random_.Below(successors.size())];
      return true;
    }
    return false;
  }

  void Spoil() {
    Operation& operation = operations_[random_.Below(operations_.size())];
    operation.result = random_.Below(language_.results(operation.letter));
    if (operation.end == kNever && random_.Percent(50)) {
      // Odd, unlike what stands there already.
      operation.end =
          operation.call + 1 + 2 * static_cast<uint32_t>(random_.Below(size_));
      for (const Operation& other : operations_) {
        if (&other != &operation && other.end == operation.end) {
          operation.end = kNever;
        }
      }
    }
  }

  Language& language_;
  size_t size_;
  size_t clients_;
  TestRandom& random_;
  StateId state_;
  uint32_t now_ = 0;
  Operations operations_;
  std::vector<Open> open_;
  std::vector<size_t> late_;  // info operations that will take effect later
};

// Tries all orders of what was called before an event, in which what returned
// before it has to stand.
class Oracle {
 public:
  Oracle(Language& language, const Operations& operations, uint32_t event)
      : model_(language.model()), operations_(operations), event_(event) {
    for (const Operation& operation : operations) {
      actions_.push_back(language.ActionOf(operation));
    }
  }

  bool IsLinearizable() { return GoOn(model_.InitialState(), 0); }

 private:
  bool GoOn(StateId state, uint32_t used) {
    if (!tried_.insert(uint64_t{state} << 32 | used).second) return false;
    uint32_t first_end = event_;
    for (size_t i = 0; i < operations_.size(); ++i) {
      if ((used >> i & 1) == 0) {
        first_end = std::min(first_end, operations_[i].end);
      }
    }
    if (first_end == event_) return true;
    for (size_t i = 0; i < operations_.size(); ++i) {
      if ((used >> i & 1) != 0 || operations_[i].call > first_end) continue;
      std::vector<StateId> successors;
      model_.Step(state, actions_[i], successors);
      for (const StateId next : successors) {
        if (GoOn(next, used | uint32_t{1} << i)) return true;
      }
    }
    return false;
  }

  SequentialModel& model_;
  const Operations& operations_;
  uint32_t event_;
  std::vector<ActionId> actions_;
  absl::flat_hash_set<uint64_t> tried_;
};

// Whether `order` explains all that has returned.
bool IsWitness(Language& language, const Operations& operations,
               const std::vector<history::OpIndex>& order) {
  std::vector<StateId> states = {language.model().InitialState()};
  std::vector<bool> stands(operations.size(), false);
  uint32_t latest_call = 0;
  for (const history::OpIndex op : order) {
    if (op >= operations.size() || stands[op]) return false;
    if (operations[op].end < latest_call) return false;
    stands[op] = true;
    latest_call = std::max(latest_call, operations[op].call);
    std::vector<StateId> next;
    for (const StateId state : states) {
      language.model().Step(state, language.ActionOf(operations[op]), next);
    }
    states = std::move(next);
  }
  for (size_t i = 0; i < operations.size(); ++i) {
    if (operations[i].end != kNever && !stands[i]) return false;
  }
  return !states.empty();
}

// What is wrong with what a search says of `operations`; empty if nothing.
std::string FlawOf(const checker::SearchResult& result,
                   const Operations& operations, bool is_linearizable,
                   Language& language) {
  if ((result.verdict == Verdict::kValid) != is_linearizable) {
    return is_linearizable ? "a violation, or not known" : "no violation";
  }
  if (is_linearizable) {
    return IsWitness(language, operations, result.linearization)
               ? ""
               : "a wrong witness";
  }
  const uint32_t end = operations[result.culprit].end;
  const bool is_certain =
      !Oracle(language, operations, end + 1).IsLinearizable();
  const bool is_first = Oracle(language, operations, end).IsLinearizable();
  return is_certain && is_first ? "" : "the wrong return is blamed";
}

struct Family {
  std::string name;
  DeciderAlphabet alphabet;
  size_t share = 1;  // of the histories, one in so many: some take long
  friend void PrintTo(const Family& family, std::ostream* out) {
    *out << family.name;
  }
};

DeciderLetter Update(const std::string& function, const std::string& argument) {
  return {function, argument, {argument}};
}

Family Registers() {
  const DeciderLetter read = {"read", "nil", {"nil", "1", "2", "3"}};
  return {"Registers",
          {"register",
           "",
           {Update("write", "1"), Update("write", "2"), Update("write", "3"),
            read, read}}};
}

Family CasRegisters() {
  DeciderAlphabet alphabet = {"cas-register", "1", {Update("write", "2")}};
  for (const char* pair :
       {"[1 2]", "[2 3]", "[3 1]", "[2 1]", "[1 1]", "[3 2]"}) {
    alphabet.letters.push_back(Update("cas", pair));
  }
  const DeciderLetter read = {"read", "nil", {"1", "2", "3"}};
  for (int i = 0; i < 3; ++i) alphabet.letters.push_back(read);
  return {"CasRegisters", alphabet};
}

Family Counters() {
  DeciderLetter read = {"read", "nil", {}};
  for (int i = -4; i <= 9; ++i) read.results.push_back(std::to_string(i));
  return {"Counters",
          {"counter",
           "",
           {Update("add", "1"), Update("add", "2"), Update("add", "-1"), read,
            read}},
          /*share=*/8};
}

Family Strings() {
  DeciderAlphabet alphabet = {"kv",
                              "",
                              {Update("put", "\"\""),
                               Update("put", "\"a\""),
                               Update("append", "\"a\""),
                               Update("append", "\"b\""),
                               {"delete", "nil", {"nil"}},
                               Update("cas", "[\"a\" \"b\"]"),
                               Update("cas", "[\"ab\" \"a\"]")}};
  const DeciderLetter get = {
      "get",
      "nil",
      {"nil", "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"aa\"", "\"ba\"", "\"aab\"",
       "\"aba\"", "\"abb\""}};
  for (int i = 0; i < 3; ++i) alphabet.letters.push_back(get);
  return {"Strings", alphabet};
}

Family Queues() {
  const DeciderLetter dequeue = {"dequeue", "nil", {"nil", "1", "2"}};
  return {"Queues",
          {"fifo-queue",
           "",
           {Update("enqueue", "1"), Update("enqueue", "2"), dequeue, dequeue}}};
}

Family Sets() {
  const DeciderLetter read = {"read", "nil", {"[]", "[1]", "[2]", "[1 2]"}};
  return {"Sets",
          {"set",
           "",
           {Update("add", "1"), Update("add", "2"), Update("remove", "1"),
            Update("remove", "2"), read, read}}};
}

Family Semaphores() {
  return {"Semaphores",
          {"semaphore",
           "2",
           {{"acquire", "nil", {"nil"}}, {"release", "nil", {"nil"}}}}};
}

Family MultiRegisters() {
  DeciderAlphabet alphabet = {"multi-register", "", {}};
  for (const char* writes :
       {"[[:w :x 1]]", "[[:w :x 2]]", "[[:w :y 1] [:w :x 1]]",
        "[[:w :x 2] [:w :y 2]]", "[[:w :y 2]]"}) {
    alphabet.letters.push_back(Update("txn", writes));
  }
  DeciderLetter read = {"txn", "[[:r :x nil] [:r :y nil]]", {}};
  for (const char* x : {"nil", "1", "2"}) {
    for (const char* y : {"nil", "1", "2"}) {
      read.results.push_back(absl::StrCat("[[:r :x ", x, "] [:r :y ", y, "]]"));
    }
  }
  for (int i = 0; i < 3; ++i) alphabet.letters.push_back(read);
  alphabet.letters.push_back(
      {"txn",
       "[[:r :x nil] [:w :y 1]]",
       {"[[:r :x nil] [:w :y 1]]", "[[:r :x 1] [:w :y 1]]",
        "[[:r :x 2] [:w :y 1]]"}});
  return {"MultiRegisters", alphabet};
}

class CrashedOperations : public ::testing::TestWithParam<Family> {};

INSTANTIATE_TEST_SUITE_P(, CrashedOperations,
                         ::testing::Values(Registers(), CasRegisters(),
                                           Counters(), Strings(), Queues(),
                                           Sets(), Semaphores(),
                                           MultiRegisters()),
                         [](const auto& info) { return info.param.name; });

TEST_P(CrashedOperations, AreJudgedAsByTryingAllOrders) {
  using Strategy = SearchOptions::Strategy;
  Language language(GetParam().alphabet);
  TestRandom random(1);
  const size_t count = (IsLongRun()    ? 400'000
                        : kIsSanitized ? 800
                                       : 8000) /
                       GetParam().share;
  size_t violations = 0;
  for (size_t i = 0; i < count; ++i) {
    const Operations operations = Recording(language, 12, random).Make();
    const bool is_linearizable =
        Oracle(language, operations, kNever).IsLinearizable();
    violations += is_linearizable ? 0 : 1;
    std::vector<checker::Interval> intervals;
    for (uint32_t op = 0; op < operations.size(); ++op) {
      intervals.push_back({op, operations[op].call, operations[op].end,
                           language.ActionOf(operations[op])});
    }
    for (const Strategy strategy :
         {Strategy::kDepthFirst, Strategy::kBreadthFirst, Strategy::kWidening,
          Strategy::kNarrow, Strategy::kBoth}) {
      checker::Budget budget({});
      SearchOptions options;
      options.strategy = strategy;
      options.first_width = 1 + i % 2;
      const auto result = checker::SearchLinearization(
          intervals, language.model(), budget, options);
      ASSERT_EQ(FlawOf(result, operations, is_linearizable, language), "")
          << "strategy " << static_cast<int>(strategy) << ", history " << i
          << language.Text(operations);
    }
  }
  EXPECT_GT(violations, count / 50);
  EXPECT_LT(violations, count * 9 / 10);
}

}  // namespace
}  // namespace minos::testing
