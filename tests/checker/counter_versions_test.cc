// Counters that return [value version]: named histories, and random ones
// against every order of their operations.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/check.h"
#include "tests/support/history_dsl.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::History;
using testing::IsLongRun;
using testing::TestHistory;
using testing::TinyRandom;

CheckResult Check(const History& history, const std::string& consistency) {
  CheckOptions options;
  options.model = "counter";
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict.ok() ? verdict->checks.front() : CheckResult{};
}

TEST(CounterVersionsTest, TheVersionIsThePlaceInTheOrder) {
  TestHistory h;
  h.Ok(0, "add-and-get", "5", "[5 1]").Ok(1, "add", "2", "[7 2]");
  h.Read(2, "[7 2]");
  EXPECT_EQ(Check(h.Build(), "linearizable").verdict, Verdict::kValid);
  TestHistory skips;
  skips.Ok(0, "add-and-get", "5", "[5 1]").Ok(1, "add-and-get", "2", "[7 3]");
  const CheckResult result = Check(skips.Build(), "linearizable");
  EXPECT_EQ(result.verdict, Verdict::kViolation);
}

TEST(CounterVersionsTest, ARightSumAtAWrongVersionIsAViolation) {
  for (const int reader : {0, 1}) {
    TestHistory h;
    h.Ok(0, "add-and-get", "2", "[2 1]").Ok(0, "add-and-get", "-2", "[0 2]");
    h.Read(reader, "[0 0]");
    const History history = h.Build();
    EXPECT_EQ(Check(history, "linearizable").verdict, Verdict::kViolation);
    // Who did not write himself may not have seen it.
    EXPECT_EQ(Check(history, "read-your-writes").verdict,
              reader == 0 ? Verdict::kViolation : Verdict::kValid);
  }
}

TEST(CounterVersionsTest, AnInfoAdditionTakesAPlaceOrNone) {
  for (const char* pair : {"[2 1]", "[5 2]"}) {
    TestHistory h;
    h.Call(1, "add", "3").Info(1);
    h.Ok(0, "add-and-get", "2", pair).Read(0, pair);
    EXPECT_EQ(Check(h.Build(), "linearizable").verdict, Verdict::kValid)
        << pair;
  }
  TestHistory h;
  h.Call(1, "add", "3").Info(1);
  h.Ok(0, "add-and-get", "2", "[5 1]").Read(0, "[5 1]");
  EXPECT_EQ(Check(h.Build(), "linearizable").verdict, Verdict::kViolation);
}

TEST(CounterVersionsTest, PairsWithTheArgumentInFrontKeepTheirMeaning) {
  TestHistory h;
  h.Ok(0, "add-and-get", "2", "[2 2]").Ok(0, "add-and-get", "3", "[3 5]");
  EXPECT_EQ(Check(h.Build(), "linearizable").verdict, Verdict::kValid);
}

TEST(CounterVersionsTest, OnePairTellsHowAllAreMeant) {
  TestHistory h;
  // [2 1] could be the sum 1 after an addition of 2; the read says that it is
  // not.
  h.Ok(0, "add-and-get", "2", "[2 1]").Read(0, "[2 1]");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "linearizable").verdict, Verdict::kValid);
  EXPECT_EQ(Check(history, "session").verdict, Verdict::kValid);
}

TEST(CounterVersionsTest, VersionsSettleWhatWasSeen) {
  // By the sum the read may have seen either addition of 1.
  TestHistory h;
  h.Ok(0, "add-and-get", "1", "[1 1]").Ok(1, "add-and-get", "1", "[2 2]");
  h.Read(1, "[1 1]");
  EXPECT_EQ(Check(h.Build(), "read-your-writes").verdict, Verdict::kViolation);
  TestHistory bare;
  bare.Ok(0, "add", "1", "1").Ok(1, "add", "1", "1").Read(1, "1");
  EXPECT_EQ(Check(bare.Build(), "read-your-writes").verdict, Verdict::kValid);
}

TEST(CounterVersionsTest, ReadsOfOneVersionAgree) {
  TestHistory h;
  h.Ok(0, "add-and-get", "1", "[1 1]").Ok(0, "add-and-get", "1", "[2 2]");
  h.Read(1, "[1 1]").Read(2, "[2 1]");
  EXPECT_EQ(Check(h.Build(), "strong-eventual").verdict, Verdict::kViolation);
}

// ---- Random histories

struct Op {
  int process = 0;
  bool is_read = false;
  int amount = 0;
  bool is_info = false;
  int call = 0;
  int end = 0;
  int value = 0;
  int version = 0;
};

// One counter, whose operations take effect when they return; half of the
// histories are spoiled in one place.
std::vector<Op> RandomOps(TinyRandom& random, bool has_info) {
  std::vector<Op> ops;
  std::vector<int> open(3, -1);
  const int size = 2 + random.Below(5);
  int moment = 0;
  int value = 0;
  int version = 0;
  int left = size;
  while (left > 0 ||
         std::any_of(open.begin(), open.end(), [](int o) { return o >= 0; })) {
    int& mine = open[static_cast<size_t>(random.Below(3))];
    const int process = static_cast<int>(&mine - open.data());
    if (mine < 0) {
      if (left-- <= 0) continue;
      mine = static_cast<int>(ops.size());
      Op op;
      op.process = process;
      op.is_read = random.Below(2) == 0;
      op.amount = op.is_read ? 0 : random.Below(4) - 1;
      op.call = moment++;
      ops.push_back(op);
      continue;
    }
    Op& op = ops[static_cast<size_t>(mine)];
    op.is_info = has_info && !op.is_read && random.Below(4) == 0;
    if (!op.is_read && (!op.is_info || random.Below(2) == 0)) {
      value += op.amount;
      ++version;
    }
    op.value = value;
    op.version = version;
    op.end = moment++;
    // Who does not know goes on under another name.
    mine = -1;
  }
  if (random.Below(2) == 0) {
    Op& op = ops[static_cast<size_t>(random.Below(static_cast<int>(size)))];
    if (random.Below(2) == 0) op.value += random.Below(3) - 1;
    op.version = std::max(0, op.version + random.Below(3) - 1);
  }
  return ops;
}

std::string ToText(const std::vector<Op>& ops) {
  std::string text;
  for (const Op& op : ops) {
    absl::StrAppend(&text, "\n  [", op.call, ", ", op.end, "] process ",
                    op.process, op.is_read ? " read" : " add ",
                    op.is_read ? "" : std::to_string(op.amount),
                    op.is_info
                        ? " info"
                        : absl::StrCat(" → [", op.value, " ", op.version, "]"));
  }
  return text;
}

History Build(const std::vector<Op>& ops) {
  TestHistory h;
  const int last = static_cast<int>(ops.size()) * 2;
  // A process that does not know what came of its operation ends.
  std::vector<int> name = {0, 1, 2};
  for (int moment = 0; moment < last; ++moment) {
    for (const Op& op : ops) {
      int& process = name[static_cast<size_t>(op.process)];
      if (op.call == moment) {
        h.Call(process, op.is_read ? "read" : "add-and-get",
               op.is_read ? "nil" : std::to_string(op.amount));
      }
      if (op.end != moment) continue;
      if (op.is_info) {
        h.Info(process);
        process += 3;
      } else {
        h.Return(process, absl::StrCat("[", op.value, " ", op.version, "]"));
      }
    }
  }
  return h.Build();
}

// Is there an order of the ok operations and of some of the others that
// contains `before` and in which value and version are right?
bool HasOrder(const std::vector<Op>& ops,
              const std::function<bool(const Op&, const Op&)>& before) {
  std::vector<bool> placed(ops.size(), false);
  std::function<bool(int, int)> extend = [&](int value, int version) {
    bool is_done = true;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!placed[i] && !ops[i].is_info) is_done = false;
    }
    if (is_done) return true;
    for (size_t i = 0; i < ops.size(); ++i) {
      const Op& op = ops[i];
      bool is_next = !placed[i];
      for (size_t j = 0; j < ops.size(); ++j) {
        if (!placed[j] && !ops[j].is_info && j != i && before(ops[j], op)) {
          is_next = false;
        }
      }
      const int after = value + op.amount;
      const int then = version + (op.is_read ? 0 : 1);
      const bool fits = op.is_info || (op.value == after && op.version == then);
      if (!is_next || !fits) continue;
      placed[i] = true;
      if (extend(after, then)) return true;
      placed[i] = false;
    }
    return false;
  };
  return extend(0, 0);
}

bool Tells(const std::vector<Op>& ops) {
  return std::any_of(ops.begin(), ops.end(), [](const Op& op) {
    return !op.is_info && (op.is_read || op.value != op.amount);
  });
}

TEST(CounterVersionsTest, LinearizableAgreesWithEveryOrder) {
  TinyRandom random(21);
  const int runs = IsLongRun() ? 300'000 : 4'000;
  int valid = 0;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const std::vector<Op> ops = RandomOps(random, i % 2 == 0);
    if (!Tells(ops)) continue;
    const bool allowed =
        HasOrder(ops, [](const Op& a, const Op& b) { return a.end < b.call; });
    valid += allowed ? 1 : 0;
    EXPECT_EQ(Check(Build(ops), "linearizable").verdict,
              allowed ? Verdict::kValid : Verdict::kViolation)
        << ToText(ops);
  }
  EXPECT_GT(valid, runs / 10);
  EXPECT_LT(valid, runs - runs / 10);
}

// What a read with a version saw is settled, so these need no search.
bool KeepsGuarantee(const std::vector<Op>& ops, bool own_writes) {
  const auto seen_by = [&](const Op& op) {
    std::vector<bool> seen;
    for (const Op& other : ops) {
      seen.push_back(!other.is_read && other.version <= op.version);
    }
    return seen;
  };
  for (const Op& op : ops) {
    const std::vector<bool> seen = seen_by(op);
    int sum = 0;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!seen[i]) continue;
      sum += ops[i].amount;
      if (ops[i].call > op.end) return false;
    }
    if (sum != op.value) return false;
    for (size_t i = 0; i < ops.size(); ++i) {
      const Op& earlier = ops[i];
      if (earlier.process != op.process || earlier.end > op.call) continue;
      if (own_writes && !earlier.is_read && !seen[i]) return false;
      if (own_writes) continue;
      const std::vector<bool> before = seen_by(earlier);
      for (size_t j = 0; j < ops.size(); ++j) {
        if (before[j] && !seen[j]) return false;
      }
    }
  }
  return true;
}

bool HasDistinctVersions(const std::vector<Op>& ops) {
  for (const Op& a : ops) {
    for (const Op& b : ops) {
      if (&a != &b && !a.is_read && !b.is_read && a.version == b.version) {
        return false;
      }
    }
  }
  return true;
}

TEST(CounterVersionsTest, GuaranteesAgreeWithWhatTheVersionsSay) {
  TinyRandom random(22);
  const int runs = IsLongRun() ? 300'000 : 3'000;
  int violated = 0;
  for (int i = 0; i < runs && !HasFailure(); ++i) {
    const std::vector<Op> ops = RandomOps(random, false);
    if (!Tells(ops) || !HasDistinctVersions(ops)) continue;
    for (const bool own_writes : {false, true}) {
      const bool keeps = KeepsGuarantee(ops, own_writes);
      violated += keeps ? 0 : 1;
      EXPECT_EQ(
          Check(Build(ops), own_writes ? "read-your-writes" : "monotonic-reads")
              .verdict,
          keeps ? Verdict::kValid : Verdict::kViolation)
          << own_writes << ToText(ops);
    }
  }
  EXPECT_GT(violated, runs / 20);
}

}  // namespace
}  // namespace minos::checker
