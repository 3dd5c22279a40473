// Sequential consistency against its definition: random histories of every data
// type that is decided by forced edges, decisions or interleavings, and the
// arbitrations that it and causal memory follow.

#include "tests/support/sequential_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/visibility.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/history_dsl.h"
#include "tests/support/random_history.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::History;
using testing::IsLongRun;
using testing::LargeAlphabet;
using testing::PlainAlphabet;
using testing::PlainHistory;
using testing::PlainOperation;
using testing::PlainOutcome;
using testing::PlausibleTinyHistory;
using testing::RandomHistory;
using testing::TestRandom;
using testing::TinyRandom;
using testing::VersionedHistory;

Verdict Judge(const History& history, const std::string& model,
              const SessionChoice& sessions, const std::string& consistency,
              const VisibilityOptions& options) {
  const ModelInfo& info = **FindModel(model);
  const Partitioning partitioning =
      *SplitByKey(history, info, KeyChoice::kAuto);
  Budget budget({});
  const auto result = CheckVisibility(history, info, partitioning, sessions,
                                      consistency, options, budget);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? result->verdict : Verdict::kUnknown;
}

Verdict VerdictOf(bool allowed) {
  return allowed ? Verdict::kValid : Verdict::kViolation;
}

// What is judged alike by all: an addition of k that returns the sum is two
// things for a counter, and a compare-and-set of a to a is none.
PlainAlphabet AlphabetOf(const std::string& type, bool has_default_start) {
  PlainAlphabet alphabet = LargeAlphabet(type, has_default_start);
  std::erase_if(alphabet.calls, [&](const testing::PlainCall& call) {
    if (call.function == "cas") {
      return call.argument.items[0] == call.argument.items[1];
    }
    return call.function.find("-and-") != std::string::npos;
  });
  return alphabet;
}

class SequentialOracleTest : public ::testing::TestWithParam<std::string> {
 protected:
  // Whether the history is sequentially consistent.
  bool Compare(const PlainHistory& plain, const std::vector<int>& sessions,
               bool explain) const {
    auto [history, initial] = ToHistory(plain);
    SessionChoice choice;
    for (const int session : sessions) {
      choice.sessions.push_back(history.mutable_values().Integer(session));
    }
    VisibilityOptions options;
    options.initial = initial;
    options.explain = explain;
    const bool allowed = IsSequential(plain, sessions);
    std::string text = ToText(plain) + "\nsessions";
    for (const int session : sessions) text += " " + std::to_string(session);
    EXPECT_EQ(Judge(history, GetParam(), choice, "sequential", options),
              VerdictOf(allowed))
        << text;
    return allowed;
  }
};

TEST_P(SequentialOracleTest, RandomHistoriesAgree) {
  TestRandom random(7);
  const int runs = IsLongRun() ? 200'000 : 1'500;
  int valid = 0;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const PlainAlphabet alphabet = AlphabetOf(GetParam(), i % 3 != 0);
    const PlainHistory plain = RandomHistory(alphabet, 7, random);
    std::vector<int> sessions;
    for (size_t op = 0; op < plain.operations.size(); ++op) {
      sessions.push_back(static_cast<int>(random.Below(3)));
    }
    valid += Compare(plain, sessions, i % 8 == 0) ? 1 : 0;
  }
  EXPECT_GT(valid, runs / 20);
  EXPECT_LT(valid, runs - runs / 20);
}

INSTANTIATE_TEST_SUITE_P(DataTypes, SequentialOracleTest,
                         ::testing::Values("register", "cas-register",
                                           "counter", "set", "list-append",
                                           "fifo-queue", "unordered-queue",
                                           "stack", "priority-queue", "mutex"),
                         testing::NamedByParameter());

// Histories that some order explains which keeps the sessions' but not real
// time, and half of them with one result exchanged. What is put in or written
// is unique.
class Shifted {
 public:
  Shifted(const PlainAlphabet& alphabet, TestRandom& random)
      : alphabet_(alphabet), random_(random) {
    plain.type = alphabet.type;
    plain.initial = alphabet.initial;
    const size_t size = 5 + random.Below(5);
    session_count_ = 1 + random.Below(3);
    for (size_t i = 0; i < size; ++i) Execute();
    if (random.Below(2) == 0) Spoil();
    Place();
  }

  PlainHistory plain;
  std::vector<int> sessions;

 private:
  bool IsPut(const std::string& function) const {
    return function == "enqueue" || function == "push" ||
           function == "insert" || function == "write";
  }

  // The next operation in the order that explains the history.
  void Execute() {
    // Little is taken from what is empty.
    const testing::PlainCall* chosen = nullptr;
    do {
      chosen = &alphabet_.calls[random_.Below(alphabet_.calls.size())];
    } while (HasPuts() && values_.size() < 3 && !IsPut(chosen->function) &&
             random_.Below(4) != 0);
    const testing::PlainCall& call = *chosen;
    PlainOperation op;
    op.function = call.function;
    op.argument = call.argument;
    if (IsPut(op.function)) {
      op.argument = testing::PlainValue(10 + static_cast<int>(next_++));
      values_.push_back(op.argument);
    }
    std::vector<testing::PlainValue> results = call.results;
    const bool tells = std::find(results.begin(), results.end(),
                                 testing::PlainValue()) != results.end();
    if (tells) results.insert(results.end(), values_.begin(), values_.end());
    if (results.empty()) results.emplace_back();
    std::vector<testing::PlainValue> fitting;
    for (const testing::PlainValue& result : results) {
      op.result = result;
      if (!testing::Replay(plain.type, state(), op).empty()) {
        fitting.push_back(result);
      }
    }
    if (fitting.empty()) return;
    op.result = fitting[random_.Below(fitting.size())];
    state_ = testing::Replay(plain.type, state(), op).front();
    has_state_ = true;
    if (random_.Below(6) == 0) op.outcome = PlainOutcome::kInfo;
    plain.operations.push_back(op);
    sessions.push_back(static_cast<int>(random_.Below(session_count_)));
  }
  const testing::PlainValue& state() const {
    return has_state_ ? state_ : plain.initial;
  }

  bool HasPuts() const {
    return std::any_of(alphabet_.calls.begin(), alphabet_.calls.end(),
                       [&](const auto& call) { return IsPut(call.function); });
  }

  void Spoil() {
    for (int tries = 0; tries < 20 && !plain.operations.empty(); ++tries) {
      const size_t size = plain.operations.size();
      PlainOperation& a = plain.operations[random_.Below(size)];
      PlainOperation& b = plain.operations[random_.Below(size)];
      if (a.function != b.function || IsPut(a.function) ||
          a.result == b.result) {
        continue;
      }
      return std::swap(a.result, b.result);
    }
  }

  // Each session's operations follow each other; the sessions go on as they
  // like.
  void Place() {
    std::vector<std::vector<size_t>> left(3);
    for (size_t i = plain.operations.size(); i-- > 0;) {
      left[static_cast<size_t>(sessions[i])].push_back(i);
    }
    std::vector<bool> is_open(3, false);
    std::vector<size_t> by_call;
    int moment = 0;
    for (;;) {
      std::vector<size_t> able;
      for (size_t s = 0; s < 3; ++s) {
        if (!left[s].empty()) able.push_back(s);
      }
      if (able.empty()) break;
      const size_t s = able[random_.Below(able.size())];
      PlainOperation& op = plain.operations[left[s].back()];
      if (is_open[s]) {
        op.end = moment++;
        left[s].pop_back();
      } else {
        op.call = moment++;
        by_call.push_back(left[s].back());
      }
      is_open[s] = !is_open[s];
    }
    std::vector<PlainOperation> operations;
    std::vector<int> in_order;
    for (const size_t i : by_call) {
      operations.push_back(plain.operations[i]);
      in_order.push_back(sessions[i]);
    }
    plain.operations = std::move(operations);
    sessions = std::move(in_order);
  }

  const PlainAlphabet& alphabet_;
  TestRandom& random_;
  testing::PlainValue state_;
  bool has_state_ = false;
  size_t session_count_ = 3;
  size_t next_ = 0;
  std::vector<testing::PlainValue> values_;
};

TEST_P(SequentialOracleTest, HistoriesWithoutRealTimeAgree) {
  TestRandom random(11);
  const int runs = IsLongRun() ? 200'000 : 1'500;
  int valid = 0;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const PlainAlphabet alphabet = AlphabetOf(GetParam(), i % 3 != 0);
    const Shifted shifted(alphabet, random);
    valid += Compare(shifted.plain, shifted.sessions, i % 8 == 0) ? 1 : 0;
  }
  EXPECT_GT(valid, runs / 20);
  // A mutex returns nothing that could be exchanged.
  if (GetParam() != "mutex") {
    EXPECT_LT(valid, runs - runs / 50);
  }
}

VersionedHistory RandomVersioned(TinyRandom& random, bool unique) {
  VersionedHistory history;
  history.operations = PlausibleTinyHistory(random, 6, unique);
  const bool orderly = random.Below(2) == 0;
  int next = 1;
  for (const testing::TinyOp& op : history.operations) {
    const int version = orderly ? next++ : 1 + random.Below(4);
    history.versions.push_back(op.is_read ||
                                       op.outcome != history::Outcome::kOk ||
                                       random.Below(4) == 0
                                   ? 0
                                   : version);
  }
  return history;
}

std::string ToText(const VersionedHistory& history) {
  std::string text = ToString(history.operations) + "\nversions";
  for (const int version : history.versions) {
    text += " " + std::to_string(version);
  }
  return text;
}

constexpr ArbitrationMode kModes[] = {
    ArbitrationMode::kSession, ArbitrationMode::kNone,
    ArbitrationMode::kRealTime, ArbitrationMode::kVersions};

TEST(ArbitrationOracleTest, SequentialFollowsRealTimeAndVersions) {
  TinyRandom random(8);
  const int runs = IsLongRun() ? 200'000 : 2'500;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const VersionedHistory tiny = RandomVersioned(random, i % 2 == 0);
    VisibilityOptions options;
    options.explain = i % 8 == 0;
    for (const ArbitrationMode mode : kModes) {
      options.arbitration = mode;
      ASSERT_EQ(Judge(ToHistory(tiny), "register", {}, "sequential", options),
                VerdictOf(IsSequentialArbitrated(tiny, mode)))
          << static_cast<int>(mode) << "\n"
          << ToText(tiny);
    }
  }
}

// Four sessions that run at once, of three operations each; what they read is
// what some order of all of them gives, but for one read of half of them.
VersionedHistory FourSessions(TinyRandom& random) {
  constexpr int kSessions = 4;
  constexpr int kRounds = 3;
  VersionedHistory history;
  history.operations.resize(kSessions * kRounds);
  history.versions.assign(kSessions * kRounds, 0);
  for (int i = 0; i < kSessions * kRounds; ++i) {
    testing::TinyOp& op = history.operations[static_cast<size_t>(i)];
    op.session = i % kSessions;
    op.call = 2 * kSessions * (i / kSessions) + i % kSessions;
    op.ret = op.call + kSessions;
  }
  std::vector<int> done(kSessions, 0);
  std::vector<int> values(2, 0);
  std::vector<std::vector<int>> written(2, {0});
  for (int executed = 0; executed < kSessions * kRounds;) {
    const int session = random.Below(kSessions);
    int& round = done[static_cast<size_t>(session)];
    if (round == kRounds) continue;
    testing::TinyOp& op =
        history.operations[static_cast<size_t>(round * kSessions + session)];
    op.key = random.Below(2);
    op.is_read = random.Below(2) == 0;
    const auto key = static_cast<size_t>(op.key);
    if (!op.is_read) {
      values[key] = executed + 1;
      written[key].push_back(values[key]);
    }
    op.value = values[key];
    ++round;
    ++executed;
  }
  testing::TinyOp& spoiled =
      history
          .operations[static_cast<size_t>(random.Below(kSessions * kRounds))];
  const std::vector<int>& choices = written[static_cast<size_t>(spoiled.key)];
  if (spoiled.is_read) {
    spoiled.value = choices[static_cast<size_t>(
        random.Below(static_cast<int>(choices.size())))];
  }
  return history;
}

TEST(SequentialDecisionTest, FourSessionsAgree) {
  TinyRandom random(10);
  const int runs = IsLongRun() ? 200'000 : 500;
  int valid = 0;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const VersionedHistory tiny = FourSessions(random);
    const bool allowed =
        IsSequentialArbitrated(tiny, ArbitrationMode::kSession);
    valid += allowed ? 1 : 0;
    EXPECT_EQ(Judge(ToHistory(tiny), "register", {}, "sequential", {}),
              VerdictOf(allowed))
        << ToText(tiny);
  }
  EXPECT_GT(valid, runs / 10);
  EXPECT_LT(valid, runs - runs / 10);
}

// x and y are each written twice. Whichever order the two writes of x take, it
// puts a read of x before one of them, and likewise for y; and each of these
// four combinations is a circle. Nothing follows before one of them is decided.
History TwoOpenPairs(bool has_last_read) {
  testing::TestHistory h;
  const auto write = [&](int process, const char* value, const char* key) {
    h.Ok(process, "write", value, value, key);
  };
  write(0, "1", "x");
  write(0, "1", "a");
  write(1, "2", "x");
  write(1, "1", "b");
  write(2, "1", "y");
  write(2, "1", "e");
  write(3, "2", "y");
  write(3, "1", "f");
  for (const int process : {4, 5}) h.Read(process, "1", "e");
  for (const int process : {4, 5}) h.Read(process, "1", "f");
  for (const int process : {6, 7}) h.Read(process, "1", "a");
  for (const int process : {6, 7}) h.Read(process, "1", "b");
  h.Read(4, "1", "x").Read(5, "2", "x").Read(6, "1", "y");
  if (has_last_read) h.Read(7, "2", "y");
  return h.Build();
}

TEST(SequentialDecisionTest, OpenPairsAreDecidedOneAfterTheOther) {
  const History violated = TwoOpenPairs(true);
  EXPECT_EQ(Judge(violated, "register", {}, "causal-convergence", {}),
            Verdict::kValid);
  EXPECT_EQ(Judge(violated, "register", {}, "sequential", {}),
            Verdict::kViolation);
  EXPECT_EQ(Judge(TwoOpenPairs(false), "register", {}, "sequential", {}),
            Verdict::kValid);
}

TEST(ArbitrationOracleTest, CausalMemoryFollowsRealTimeAndVersions) {
  TinyRandom random(9);
  const int runs = IsLongRun() ? 200'000 : 2'500;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const VersionedHistory tiny = RandomVersioned(random, true);
    VisibilityOptions options;
    options.explain = i % 8 == 0;
    for (const ArbitrationMode mode : kModes) {
      options.arbitration = mode;
      ASSERT_EQ(
          Judge(ToHistory(tiny), "register", {}, "causal-memory", options),
          VerdictOf(IsCausalMemoryArbitrated(tiny, mode)))
          << static_cast<int>(mode) << "\n"
          << ToText(tiny);
    }
  }
}

}  // namespace
}  // namespace minos::checker
