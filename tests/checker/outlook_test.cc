// What is told without searching (Outlook, CrashReserve), against orders that
// are known, and against brute force.

#include "checker/outlook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "checker/configuration.h"
#include "checker/crash_reserve.h"
#include "checker/freshness.h"
#include "checker/open_values.h"
#include "checker/search_strategies.h"
#include "checker/slot_mask.h"
#include "checker/timeline.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::CrashReserve;
using checker::Freshness;
using checker::OpenValues;
using checker::Outlook;
using checker::PartId;
using checker::SearchProblem;
using checker::SlotMask;
using checker::TimedOperation;
using checker::Timeline;
using checker::TimelineEvent;
using checker::Verdict;
using history::OpIndex;

constexpr size_t kHistories = 4000;
constexpr size_t kOperations = 8;
constexpr size_t kManyOperations = 24;
constexpr size_t kUnbounded = 1'000'000;

// Operations taken one after another at the returns of a history.
class Walk {
 public:
  explicit Walk(const SearchProblem& problem)
      : problem_(problem),
        open_(problem),
        is_applicable_(open_.is_applicable()) {
    if (!is_applicable_) return;
    values_ = open_.start();
    freshness_.emplace(problem.timeline, open_);
    outlook_.emplace(problem, open_, *freshness_);
    reserve_.emplace(problem, open_, *freshness_);
    used_.resize(problem.timeline.crashes().size(), 0);
  }

  bool is_applicable() const { return is_applicable_; }
  const Timeline& timeline() const { return problem_.timeline; }
  const OpenValues& open() const { return open_; }
  const std::vector<OpIndex>& taken() const { return taken_; }

  // Passes calls up to the next return before the end. False if there is none.
  bool FindReturn() {
    while (open_.event() < problem_.end) {
      if (Next().type == TimelineEvent::Type::kReturn) return true;
      open_.Pass();
    }
    return false;
  }
  // What returns next.
  const TimedOperation& Returning() const {
    return timeline().operations()[Next().subject];
  }
  bool IsDone(uint32_t slot) const { return done_.Contains(slot); }
  void PassReturn() {
    done_.Erase(Returning().slot);
    open_.Pass();
  }

  bool Fits(const OpenValues::Program& program) const {
    return std::all_of(
        program.sees.begin(), program.sees.end(),
        [&](const auto& seen) { return values_[seen.place] == seen.part; });
  }
  std::vector<uint32_t> Fitting() const {
    std::vector<uint32_t> slots;
    ((open_.reads() | open_.updates()) - done_).ForEach([&](uint32_t slot) {
      if (Fits(open_.InSlot(slot))) slots.push_back(slot);
    });
    return slots;
  }
  // Whether the masks of what does not fit and of what would be noticed say the
  // same as what is open, asked one by one.
  bool HasRightMasks() const {
    const SlotMask unfit = open_.Unfit(values_);
    const SlotMask noticed = open_.Noticed(values_);
    bool is_right = true;
    (open_.reads() | open_.updates()).ForEach([&](uint32_t slot) {
      const OpenValues::Program& program = open_.InSlot(slot);
      const bool is_unnoticed = std::all_of(
          program.sets.begin(), program.sets.end(), [&](const auto& set) {
            const PartId held = values_[set.place];
            return held == set.part || held == checker::kNoPart;
          });
      is_right = is_right && unfit.Contains(slot) != Fits(program) &&
                 noticed.Contains(slot) != is_unnoticed;
    });
    return is_right;
  }
  void Take(uint32_t slot) {
    done_.Insert(slot);
    taken_.push_back(
        timeline().operations()[open_.operation_in(slot)].operation);
    Apply(open_.InSlot(slot));
  }
  void TakeCrash(uint32_t kind) {
    ++used_[kind];
    Apply(open_.OfAction(timeline().crashes()[kind].action));
  }

  bool MayGoOn() {
    return outlook_->MayGoOn(
        {values_, done_, SlotMask(), [&](PartId part) {
           const auto kinds = problem_.footprints->CrashKindsOf(part);
           return std::any_of(kinds.begin(), kinds.end(), [&](uint32_t kind) {
             return used_[kind] < open_.crashed(kind);
           });
         }});
  }
  // Of how many parts so many info operations have been used that no more may
  // be; -1 if there are more already.
  int PartsUsedUp() const {
    int used_up = 0;
    for (PartId part = 0; part < problem_.footprints->part_count(); ++part) {
      if (!reserve_->IsLimited(part)) continue;
      int64_t used = 0;
      for (const uint32_t kind : problem_.footprints->CrashKindsOf(part)) {
        used += used_[kind];
      }
      const int64_t most = reserve_->MostUsed(part, open_.event());
      if (used > most) return -1;
      used_up += used == most ? 1 : 0;
    }
    return used_up;
  }

 private:
  TimelineEvent Next() const { return timeline().event(open_.event()); }
  void Apply(const OpenValues::Program& program) {
    for (const auto& set : program.sets) values_[set.place] = set.part;
  }

  SearchProblem problem_;
  OpenValues open_;
  bool is_applicable_;
  std::vector<PartId> values_;
  SlotMask done_;
  std::vector<uint32_t> used_;  // by kind
  std::vector<OpIndex> taken_;
  std::optional<Freshness> freshness_;
  std::optional<Outlook> outlook_;
  std::optional<CrashReserve> reserve_;
};

// Takes the next of `order`, a linearization.
void TakeNext(std::vector<OpIndex>& order, Walk& walk) {
  const OpIndex next = order.front();
  order.erase(order.begin());
  const Timeline& timeline = walk.timeline();
  for (const TimedOperation& operation : timeline.operations()) {
    if (operation.operation == next) return walk.Take(operation.slot);
  }
  for (uint32_t kind = 0; kind < timeline.crashes().size(); ++kind) {
    const auto& crashed = timeline.crashes()[kind].operations;
    if (std::find(crashed.begin(), crashed.end(), next) != crashed.end()) {
      walk.TakeCrash(kind);
    }
  }
}

// `plain` where `taken` have taken effect, in that order, before anything else.
PlainHistory After(PlainHistory plain, const std::vector<OpIndex>& taken) {
  int time = -2 * static_cast<int>(taken.size());
  for (const OpIndex op : taken) {
    plain.operations[op].call = time++;
    plain.operations[op].end = time++;
  }
  std::stable_sort(
      plain.operations.begin(), plain.operations.end(),
      [](const auto& a, const auto& b) { return a.call < b.call; });
  return plain;
}

class OutlookOf : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, OutlookOf, ::testing::ValuesIn(DataTypesOfPlaces()),
                         NamedByParameter());

TEST_P(OutlookOf, DeniesNothingThatLeadsToTheEnd) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(1);
  size_t looks = 0;
  size_t used_up = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kManyOperations, random);
    PosedSearch posed(plain);
    const SearchProblem problem = posed.ToEnd();
    auto found = checker::SearchDepthFirst(problem, kUnbounded, false);
    Walk walk(problem);
    if (found.verdict != Verdict::kValid || !walk.is_applicable()) continue;
    std::vector<OpIndex>& order = found.linearization;
    const auto look = [&] {
      ++looks;
      ASSERT_TRUE(walk.MayGoOn()) << ToText(plain);
      const int parts = walk.PartsUsedUp();
      ASSERT_GE(parts, 0) << ToText(plain);
      used_up += parts > 0 ? 1 : 0;
    };
    while (walk.FindReturn()) {
      const uint32_t slot = walk.Returning().slot;
      look();
      while (!walk.IsDone(slot)) {
        TakeNext(order, walk);
        look();
      }
      if (HasFatalFailure()) return;
      walk.PassReturn();
    }
  }
  EXPECT_GT(looks, kHistories / 8);
  EXPECT_GE(used_up, kHistories / 1000);
}

TEST_P(OutlookOf, DeniesOnlyWhatLeadsNowhere) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(2);
  size_t denied = 0;
  size_t dead = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kOperations, random);
    PosedSearch posed(plain);
    Walk walk(posed.ToEnd());
    if (!walk.is_applicable()) continue;
    while (walk.FindReturn()) {
      const uint32_t slot = walk.Returning().slot;
      ASSERT_TRUE(walk.HasRightMasks()) << ToText(plain);
      std::vector<uint32_t> fitting = walk.Fitting();
      while (!walk.IsDone(slot) && !fitting.empty()) {
        walk.Take(fitting[random.Below(fitting.size())]);
        fitting = walk.Fitting();
      }
      const bool is_dead =
          !IsLinearizable(After(SilenceReads(plain), walk.taken()));
      const bool is_denied = !walk.MayGoOn();
      dead += is_dead ? 1 : 0;
      denied += is_denied ? 1 : 0;
      ASSERT_TRUE(is_dead || !is_denied) << ToText(plain);
      if (is_dead || !walk.IsDone(slot)) break;
      walk.PassReturn();
    }
  }
  // It sees most of what leads nowhere in so short histories.
  EXPECT_GT(denied * 3, dead);
  EXPECT_GT(dead, kHistories / 20);
}

}  // namespace
}  // namespace minos::testing
