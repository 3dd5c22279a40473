// Judging a history while it grows, against brute force on every prefix.

#include "checker/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/sequential_model.h"
#include "checker/verdict.h"
#include "history/event.h"
#include "history/history_builder.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/random_history.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using checker::Budget;
using checker::StreamChecker;
using checker::Verdict;
using history::EventType;
using history::HistoryBuilder;

// A call or a completion of an operation of a plain history.
struct Moment {
  size_t operation;
  EventType type;
};

// The events of `plain`; about half of the info operations complete, at some
// later moment.
std::vector<Moment> MomentsOf(const PlainHistory& plain, TestRandom& random) {
  std::vector<std::pair<int, Moment>> timed;
  for (size_t i = 0; i < plain.operations.size(); ++i) {
    const PlainOperation& op = plain.operations[i];
    timed.push_back({op.call * 2, {i, EventType::kInvoke}});
    switch (op.outcome) {
      case PlainOutcome::kOk:
        timed.push_back({op.end * 2, {i, EventType::kOk}});
        break;
      case PlainOutcome::kFail:
        timed.push_back({op.end * 2, {i, EventType::kFail}});
        break;
      case PlainOutcome::kInfo:
        if (random.Percent(50)) {
          const int later = static_cast<int>(random.Below(8));
          timed.push_back({(op.call + later) * 2 + 1, {i, EventType::kInfo}});
        }
    }
  }
  std::stable_sort(
      timed.begin(), timed.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Moment> moments;
  for (const auto& [time, moment] : timed) moments.push_back(moment);
  return moments;
}

// What is known of `plain` after `count` of its events.
PlainHistory Prefix(const PlainHistory& plain,
                    const std::vector<Moment>& moments, size_t count) {
  PlainHistory prefix = plain;
  prefix.operations.clear();
  std::vector<std::optional<size_t>> place(plain.operations.size());
  for (size_t i = 0; i < count; ++i) {
    const auto& [operation, type] = moments[i];
    if (type == EventType::kInvoke) {
      place[operation] = prefix.operations.size();
      prefix.operations.push_back(plain.operations[operation]);
      prefix.operations.back().call = static_cast<int>(i);
      prefix.operations.back().outcome = PlainOutcome::kInfo;
      prefix.operations.back().result = {};
      continue;
    }
    PlainOperation& op = prefix.operations[*place[operation]];
    op.end = static_cast<int>(i);
    op.outcome = plain.operations[operation].outcome;
    op.result = plain.operations[operation].result;
  }
  return prefix;
}

// How many events make the smallest prefix that is a violation; 0 if none is.
size_t SmallestViolatedPrefix(const PlainHistory& plain,
                              const std::vector<Moment>& moments) {
  for (size_t count = 1; count <= moments.size(); ++count) {
    if (moments[count - 1].type == EventType::kInvoke) continue;
    if (!IsLinearizable(Prefix(plain, moments, count))) return count;
  }
  return 0;
}

// A recording that grows.
class Recorder {
 public:
  explicit Recorder(const PlainHistory& plain)
      : plain_(plain),
        builder_("test"),
        initial_(Intern(plain.initial, builder_.values())) {}

  void Add(const Moment& moment) {
    const PlainOperation& op = plain_.operations[moment.operation];
    history::Event event;
    event.type = moment.type;
    event.process =
        builder_.values().Integer(static_cast<int64_t>(moment.operation));
    event.function = builder_.values().Keyword(op.function);
    if (moment.type == EventType::kInvoke) {
      event.value = Intern(op.argument, builder_.values());
    } else if (moment.type == EventType::kOk) {
      event.value = Intern(op.result, builder_.values());
    }
    builder_.Add(event);
  }

  HistoryBuilder& builder() { return builder_; }
  history::ValueId initial() const { return initial_; }

 private:
  const PlainHistory& plain_;
  HistoryBuilder builder_;
  history::ValueId initial_;
};

// What a stream that comes in pieces of at most `piece` events is judged: the
// smallest violated prefix, or 0.
size_t Judge(const PlainHistory& plain, const std::vector<Moment>& moments,
             size_t piece, TestRandom& random) {
  Recorder recorder(plain);
  Budget budget({});
  StreamChecker checker(**checker::FindModel(plain.type),
                        checker::Keying::kNone, recorder.initial(), budget);
  for (size_t i = 0; i < moments.size();) {
    const size_t size = 1 + random.Below(piece);
    for (size_t j = 0; j < size && i < moments.size(); ++j, ++i) {
      recorder.Add(moments[i]);
    }
    const auto verdict = checker.Judge(recorder.builder().SoFar());
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    if (!verdict.ok()) return 0;
    if (*verdict == Verdict::kViolation) {
      return checker.violation()->prefix_events;
    }
    const history::OpIndex count = checker.Forgettable();
    if (count == 0 || random.Percent(50)) continue;
    recorder.builder().DropFirst(count);
    checker.Forget(count);
  }
  return 0;
}

class Streams : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Streams, ::testing::ValuesIn(AllDataTypes()),
                         NamedByParameter());

TEST_P(Streams, AreViolatedAtTheSmallestPrefixThatBruteForceFinds) {
  TestRandom random(1);
  // The default start: else what a nil read says may depend on later writes.
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t violated = 0;
  const size_t histories = IsLongRun() ? 20'000 : 400;
  for (size_t i = 0; i < histories; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 7, random);
    const std::vector<Moment> moments = MomentsOf(plain, random);
    const size_t expected = SmallestViolatedPrefix(plain, moments);
    for (const size_t piece : {size_t{1}, size_t{6}}) {
      ASSERT_EQ(Judge(plain, moments, piece, random), expected)
          << "in pieces of " << piece << ": " << ToText(plain);
    }
    if (expected > 0) ++violated;
  }
  EXPECT_GT(violated, histories / 10);
  EXPECT_LT(violated, histories - histories / 10);
}

// What ends a check after so many steps of a model. A model is made by a plain
// function, so there is one for all.
struct Fuse {
  std::atomic<bool> is_blown = false;
  size_t steps = 0;
};

Fuse& TheFuse() {
  static Fuse fuse;
  return fuse;
}

class FusedModel final : public checker::SequentialModel {
 public:
  explicit FusedModel(std::unique_ptr<SequentialModel> model)
      : model_(std::move(model)) {}

  static absl::StatusOr<std::unique_ptr<SequentialModel>> MakeRegister(
      const history::ValueTable& values, history::ValueId initial) {
    auto model = (*checker::FindModel("register"))->make(values, initial);
    if (!model.ok()) return model.status();
    return std::make_unique<FusedModel>(*std::move(model));
  }

  absl::StatusOr<checker::ActionId> Intern(const checker::Call& call) override {
    return model_->Intern(call);
  }
  bool IsReadOnly(checker::ActionId action) const override {
    return model_->IsReadOnly(action);
  }
  bool IsUnobservable(checker::ActionId action) const override {
    return model_->IsUnobservable(action);
  }
  checker::StateId InitialState() const override {
    return model_->InitialState();
  }
  void Step(checker::StateId state, checker::ActionId action,
            std::vector<checker::StateId>& successors) override {
    if (TheFuse().steps == 0) TheFuse().is_blown = true;
    if (TheFuse().steps > 0) --TheFuse().steps;
    model_->Step(state, action, successors);
  }
  std::string DescribeState(checker::StateId state) const override {
    return model_->DescribeState(state);
  }
  std::string DescribeRefusal(checker::StateId state,
                              checker::ActionId action) const override {
    return model_->DescribeRefusal(state, action);
  }
  size_t MemoryBytes() const override { return model_->MemoryBytes(); }

 private:
  std::unique_ptr<SequentialModel> model_;
};

// The prefix that is said to be the smallest violation where the check ends
// after so many steps; nothing if the verdict is not a violation.
std::optional<size_t> PrefixFoundIn(size_t steps, const PlainHistory& plain,
                                    const std::vector<Moment>& moments) {
  Recorder recorder(plain);
  checker::ModelInfo model = **checker::FindModel("register");
  model.make = FusedModel::MakeRegister;
  checker::Limits limits;
  limits.interrupted = &TheFuse().is_blown;
  TheFuse().is_blown = false;
  TheFuse().steps = steps;
  Budget budget(limits);
  StreamChecker checker(model, checker::Keying::kNone, recorder.initial(),
                        budget);
  for (const Moment& moment : moments) recorder.Add(moment);
  const auto verdict = checker.Judge(recorder.builder().SoFar());
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  if (!verdict.ok() || *verdict != Verdict::kViolation) return std::nullopt;
  return checker.violation()->prefix_events;
}

TEST(Stream, CallsNoPrefixTheSmallestWhereALimitEndsTheSearchForIt) {
  TestRandom random(1);
  const PlainAlphabet alphabet = LargeAlphabet("register", true);
  size_t found = 0;
  size_t ended = 0;
  for (size_t i = 0; i < 100; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 7, random);
    const std::vector<Moment> moments = MomentsOf(plain, random);
    const size_t expected = SmallestViolatedPrefix(plain, moments);
    for (size_t steps = 0; steps < 150; ++steps) {
      const std::optional<size_t> prefix = PrefixFoundIn(steps, plain, moments);
      if (!prefix) continue;
      ++(*prefix == 0 ? ended : found);
      ASSERT_TRUE(*prefix == 0 || *prefix == expected)
          << *prefix << " for " << expected << " after " << steps
          << " steps: " << ToText(plain);
    }
  }
  EXPECT_GT(found, 100U);
  EXPECT_GT(ended, 100U);
}

// Judges, and forgets what it can, after each event.
class LiveHistory {
 public:
  explicit LiveHistory(const std::string& model)
      : builder_("test"),
        budget_({}),
        checker_(**checker::FindModel(model), checker::Keying::kNone,
                 history::kNoValue, budget_) {}

  Verdict Add(EventType type, int64_t process, const std::string& function,
              std::optional<int64_t> value = std::nullopt) {
    history::Event event;
    event.type = type;
    event.process = builder_.values().Integer(process);
    event.function = builder_.values().Keyword(function);
    if (value) event.value = builder_.values().Integer(*value);
    builder_.Add(event);
    const auto verdict = checker_.Judge(builder_.SoFar());
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    const history::OpIndex count = checker_.Forgettable();
    builder_.DropFirst(count);
    checker_.Forget(count);
    return *verdict;
  }

 private:
  HistoryBuilder builder_;
  Budget budget_;
  StreamChecker checker_;
};

TEST(Stream, RemembersHowOftenEqualInfoOperationsWereUsed) {
  LiveHistory history("counter");
  for (const int64_t process : {1, 2}) {
    history.Add(EventType::kInvoke, process, "add", 1);
    history.Add(EventType::kInfo, process, "add", 1);
  }
  history.Add(EventType::kInvoke, 0, "read");
  EXPECT_EQ(history.Add(EventType::kOk, 0, "read", 2), Verdict::kValid);
  history.Add(EventType::kInvoke, 0, "read");
  EXPECT_EQ(history.Add(EventType::kOk, 0, "read", 3), Verdict::kViolation);
}

// While the write of 1 is open, the write of 2 returns, and then a read is
// called that stays open.
TEST(Stream, RemembersWhichOpenWritesWereOverwritten) {
  LiveHistory history("register");
  history.Add(EventType::kInvoke, 1, "write", 1);
  history.Add(EventType::kInvoke, 2, "write", 2);
  history.Add(EventType::kOk, 2, "write", 2);
  history.Add(EventType::kInvoke, 3, "read");
  history.Add(EventType::kOk, 1, "write", 1);
  history.Add(EventType::kInvoke, 2, "read");
  EXPECT_EQ(history.Add(EventType::kOk, 2, "read", 2), Verdict::kValid);
}

// The same, and the write of 1 was seen.
TEST(Stream, RemembersWhichOpenWritesTookEffect) {
  LiveHistory history("register");
  history.Add(EventType::kInvoke, 1, "write", 1);
  history.Add(EventType::kInvoke, 2, "read");
  history.Add(EventType::kOk, 2, "read", 1);
  history.Add(EventType::kInvoke, 2, "write", 2);
  history.Add(EventType::kOk, 2, "write", 2);
  history.Add(EventType::kInvoke, 3, "read");
  history.Add(EventType::kOk, 1, "write", 1);
  history.Add(EventType::kInvoke, 2, "read");
  EXPECT_EQ(history.Add(EventType::kOk, 2, "read", 2), Verdict::kValid);
  history.Add(EventType::kInvoke, 2, "read");
  EXPECT_EQ(history.Add(EventType::kOk, 2, "read", 1), Verdict::kViolation);
}

// Clients that never pause, so that something is open at every moment.
TEST(Stream, KeepsNoMoreThanWhatOverlapsTheOpenOperations) {
  constexpr int64_t kClients = 5;
  HistoryBuilder builder("test");
  Budget budget({});
  StreamChecker checker(**checker::FindModel("register"),
                        checker::Keying::kNone, history::kNoValue, budget);
  const auto add = [&](EventType type, int64_t process) {
    history::Event event;
    event.type = type;
    event.process = builder.values().Integer(process);
    event.function = builder.values().Keyword("write");
    event.value = builder.values().Integer(process);
    builder.Add(event);
  };
  for (int64_t i = 0; i < kClients; ++i) add(EventType::kInvoke, i);
  size_t most = 0;
  for (int64_t i = 0; i < 2000; ++i) {
    add(EventType::kOk, i % kClients);
    add(EventType::kInvoke, i % kClients);
    ASSERT_EQ(*checker.Judge(builder.SoFar()), Verdict::kValid);
    const history::OpIndex count = checker.Forgettable();
    builder.DropFirst(count);
    checker.Forget(count);
    most = std::max(most, builder.size());
  }
  EXPECT_LE(most, size_t{2 * kClients});
}

// A long run in which no operation stays open.
TEST(Stream, ForgetsWhatCannotMatterAnyMore) {
  HistoryBuilder builder("test");
  Budget budget({});
  StreamChecker checker(**checker::FindModel("register"),
                        checker::Keying::kNone, history::kNoValue, budget);
  size_t most = 0;
  for (int64_t i = 0; i < 2000; ++i) {
    for (const EventType type : {EventType::kInvoke, EventType::kOk}) {
      history::Event event;
      event.type = type;
      event.process = builder.values().Integer(i % 3);
      event.function = builder.values().Keyword("write");
      event.value = builder.values().Integer(i % 7);
      builder.Add(event);
    }
    ASSERT_EQ(*checker.Judge(builder.SoFar()), Verdict::kValid);
    const history::OpIndex count = checker.Forgettable();
    builder.DropFirst(count);
    checker.Forget(count);
    most = std::max(most, builder.size());
  }
  EXPECT_LE(most, 1u);
  EXPECT_EQ(checker.operations(), 2000u);
}

}  // namespace
}  // namespace minos::testing
