// Linearizability of counters that only count.
//
// Precondition. Every addition adds the same amount d, which is not 0, and the
// sums cannot leave the range of 64-bit integers.
//
// The idea. Then the state is how many additions there were. A read of k·d more
// than the value at the start comes after exactly k additions: it has rank 2k.
// An addition that returned such a sum is the k-th: it has rank 2k - 1. All
// others ("plain" ones, and info ones) are alike, and each can be any of the
// rest: it must be found which is which. Write K for the largest k that was
// shown. The places 1 … K that no addition is known to have must all be filled;
// what is left over comes later.
//
// For a plain addition x that was called after an operation of rank r had
// returned, the place is at least r / 2 + 1 (r even) or (r + 1) / 2 + 1; for
// one that returned before an operation of rank r was called, at most r / 2 or
// (r + 1) / 2 - 1. So x has a window of places. It has no end for an info
// addition, which need not be used at all.
//
// Why it is right. Necessary: the operations of known rank must not contradict
// real time among themselves, and each addition has a place in its window.
// Sufficient: fill the places in order, each with the addition at hand whose
// window ends first, the one called first of equal ones. (This finds a way if
// there is one: if some way puts another one there, swap the two.) If x
// returned before y was called, the window of x neither begins nor ends later
// than that of y, so x gets the earlier place; and real time between plain
// additions and operations of known rank is what the windows say.
//
// Prefixes. Which return makes a contradiction certain is not told by the
// places; FindEarliest looks for it, from the return of the operation that
// demands the place.
//
// Cost. O(n log n) time, about 70 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr size_t kBytesAnOperation = 70;
constexpr uint32_t kNoEnd = std::numeric_limits<uint32_t>::max();
// A sum that no number of additions gives.
constexpr int64_t kNoCount = -1;

enum Rule : int {
  kNoSuchSum,   // operation `first` showed what is no multiple, or too much
  kOutOfOrder,  // sum number `first` was shown before number `second`
  kSamePlace,   // two additions are the `first`-th
  kTooFew,      // nothing can be the `first`-th addition
  kTooMany,     // addition `first` had to come among the first `second`
};

class Counting : public PrefixJudge {
 public:
  Counting(const DeciderInput& input, Budget& budget)
      : input_(input), budget_(budget) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Of the prefix judged last, which was no violation.
  std::vector<OpIndex> Linearization() const;

 private:
  struct Operation {
    OpIndex operation;
    Moment call;
    Moment end;
    bool adds;
    bool shows;     // its result is a sum
    int64_t count;  // how many additions the sum amounts to, or kNoCount
  };
  struct Ranked {
    uint32_t index;  // in operations_
    uint32_t rank;
  };
  struct Plain {
    uint32_t index;
    uint32_t first_place;
    uint32_t last_place;
    bool operator<(const Plain& other) const {
      return first_place < other.first_place;
    }
  };
  struct EndsLater {
    bool operator()(const Plain& a, const Plain& b) const {
      return std::pair(a.last_place, a.index) >
             std::pair(b.last_place, b.index);
    }
  };

  std::string AddOperation(const ObservedCall& call, FunctionIndex& functions);
  std::string SetAmount(ValueId argument, bool subtracts);
  std::string CountSums();
  void RankOperations();
  void CheckRanks();
  void FindWindows();
  void FillPlaces();
  bool FillPlace(uint32_t place);
  void ReportTooMany(const Plain& plain);
  Moment FirstReturnShowing(uint32_t place) const;
  void Report(const Contradiction& contradiction);
  bool IsRanked(const Operation& operation) const {
    return operation.shows && operation.end <= last_;
  }

  const DeciderInput& input_;
  Budget& budget_;
  int64_t initial_ = 0;
  int64_t amount_ = 0;  // 0 while no addition has been seen
  std::vector<Operation> operations_;
  std::vector<int64_t> sums_;  // of those that show one, in their order

  // Of the prefix being judged.
  Moment last_ = kNever;
  Moment last_return_ = kStart;
  std::optional<Contradiction> earliest_;
  std::vector<Ranked> ranked_;  // by rank, then by call
  std::vector<Plain> plain_;    // by the first place
  uint32_t place_count_ = 0;    // K
  std::vector<bool> is_taken_;  // by place: an operation has this rank
  std::priority_queue<Plain, std::vector<Plain>, EndsLater> at_hand_;
  std::vector<uint32_t> filled_;  // by place: which plain addition
};

std::string Counting::Prepare() {
  if (input_.initial != kNoValue && input_.initial != kNil) {
    if (input_.values.kind(input_.initial) != ValueKind::kInteger) {
      return "the value at the start is no integer";
    }
    initial_ = input_.values.integer(input_.initial);
  }
  FunctionIndex functions(input_.values, input_.model);
  operations_.reserve(input_.calls.size());
  for (const ObservedCall& call : input_.calls) {
    if (budget_.Exhausted()) return "";
    std::string problem = AddOperation(call, functions);
    if (!problem.empty()) return problem;
  }
  return CountSums();
}

std::string Counting::AddOperation(const ObservedCall& call,
                                   FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  const bool is_read = function == "read";
  const bool subtracts =
      function == "decrement" || function == "decrement-and-get";
  const bool gets =
      function == "add-and-get" || function == "decrement-and-get";
  if (!is_read && !subtracts && !gets && function != "add" &&
      function != "increment") {
    return "there is an operation that does not count";
  }
  if (!is_read) {
    if (function == "add" && call.content.argument == kNil) {
      return "an amount is no integer";
    }
    std::string problem = SetAmount(call.content.argument, subtracts);
    if (!problem.empty()) return problem;
    if (call.content.is_ok && !gets &&
        IsVersionedPair(input_.values, call.content.argument,
                        call.content.result)) {
      return "an addition returned a version";
    }
  }
  const bool shows = (is_read || gets) && call.content.is_ok;
  if (is_read && !shows) return "";
  operations_.push_back({call.operation, MomentOf(call.call),
                         MomentOf(call.end), !is_read, shows, kNoCount});
  if (shows) {
    const ValueId result = call.content.result;
    if (result == kNoValue ||
        input_.values.kind(result) != ValueKind::kInteger) {
      return "a sum is no integer";
    }
    sums_.push_back(input_.values.integer(result));
  }
  return "";
}

std::string Counting::SetAmount(ValueId argument, bool subtracts) {
  int64_t amount = 1;
  if (argument != kNil && argument != kNoValue) {
    if (input_.values.kind(argument) != ValueKind::kInteger) {
      return "an amount is no integer";
    }
    amount = input_.values.integer(argument);
  }
  if (amount == std::numeric_limits<int64_t>::min()) {
    return "an amount is out of range";
  }
  if (subtracts) amount = -amount;
  if (amount == 0) return "an amount is 0";
  if (amount_ != 0 && amount != amount_) return "the amounts differ";
  amount_ = amount;
  return "";
}

// Turns sums into numbers of additions.
std::string Counting::CountSums() {
  const int64_t largest = std::numeric_limits<int64_t>::max() / 4;
  const auto count = static_cast<int64_t>(operations_.size()) + 1;
  const int64_t size = amount_ < 0 ? -amount_ : amount_;
  if (initial_ > largest || initial_ < -largest || size > largest / count) {
    return "the sums could leave the range of 64-bit integers";
  }
  size_t next = 0;
  for (Operation& operation : operations_) {
    if (!operation.shows) continue;
    const int64_t sum = sums_[next++];
    if (sum == initial_) {
      operation.count = 0;
      continue;
    }
    if (amount_ == 0 || sum > largest * 2 || sum < -largest * 2) continue;
    const int64_t difference = sum - initial_;
    if (difference % amount_ == 0 && difference / amount_ > 0) {
      operation.count = difference / amount_;
    }
  }
  return "";
}

void Counting::Report(const Contradiction& contradiction) {
  if (!earliest_ || contradiction.certain < earliest_->certain) {
    earliest_ = contradiction;
  }
}

std::optional<Contradiction> Counting::Judge(Moment last) {
  earliest_.reset();
  last_ = last;
  RankOperations();
  if (earliest_ || budget_.Exhausted()) return earliest_;
  CheckRanks();
  if (earliest_) return earliest_;
  FindWindows();
  if (budget_.Exhausted()) return std::nullopt;
  FillPlaces();
  return earliest_;
}

// Ranks the operations that show a sum. A sum must be one that the additions
// called by then can give.
void Counting::RankOperations() {
  ranked_.clear();
  last_return_ = kStart;
  place_count_ = 0;
  std::vector<Moment> addition_calls;
  for (const Operation& operation : operations_) {
    if (operation.call > last_) break;
    if (operation.adds) addition_calls.push_back(operation.call);
  }
  for (uint32_t i = 0; i < operations_.size(); ++i) {
    const Operation& operation = operations_[i];
    if (operation.call > last_) break;
    if (operation.end > last_) continue;
    last_return_ = std::max(last_return_, operation.end);
    if (!operation.shows) continue;
    const auto called = std::lower_bound(addition_calls.begin(),
                                         addition_calls.end(), operation.end) -
                        addition_calls.begin();
    const int64_t least = operation.adds ? 1 : 0;
    if (operation.count < least || operation.count > called) {
      Report({operation.end, kNoSuchSum, i, 0});
      continue;
    }
    const auto count = static_cast<uint32_t>(operation.count);
    place_count_ = std::max(place_count_, count);
    ranked_.push_back({i, operation.adds ? 2 * count - 1 : 2 * count});
  }
}

// Checks real time among the operations of known rank.
void Counting::CheckRanks() {
  std::sort(ranked_.begin(), ranked_.end(),
            [](const Ranked& a, const Ranked& b) {
              return std::pair(a.rank, a.index) < std::pair(b.rank, b.index);
            });
  is_taken_.assign(place_count_ + 1, false);
  const Operation* latest = nullptr;   // of smaller rank, called last
  const Operation* of_rank = nullptr;  // of this rank, called last
  for (size_t i = 0; i < ranked_.size(); ++i) {
    const Operation& operation = operations_[ranked_[i].index];
    if (i > 0 && ranked_[i].rank != ranked_[i - 1].rank) {
      if (latest == nullptr || of_rank->call > latest->call) latest = of_rank;
      of_rank = nullptr;
    }
    if (operation.adds) {
      if (of_rank != nullptr) {
        Report({std::max(operation.end, of_rank->end), kSamePlace,
                static_cast<uint32_t>(operation.count), 0});
      }
      is_taken_[static_cast<size_t>(operation.count)] = true;
    }
    if (latest != nullptr && operation.end < latest->call) {
      Report({latest->end, kOutOfOrder, ranked_[i].index,
              static_cast<uint32_t>(latest - operations_.data())});
    }
    of_rank = &operation;
  }
}

void Counting::FindWindows() {
  // The ranks of what had returned, the largest so far; and of what is called
  // later, the smallest from there on.
  std::vector<std::pair<Moment, uint32_t>> returned;
  std::vector<std::pair<Moment, uint32_t>> called;
  for (const Ranked& ranked : ranked_) {
    const Operation& operation = operations_[ranked.index];
    returned.emplace_back(operation.end, ranked.rank);
    called.emplace_back(operation.call, ranked.rank);
  }
  std::sort(returned.begin(), returned.end());
  std::sort(called.begin(), called.end());
  for (size_t i = 1; i < returned.size(); ++i) {
    returned[i].second = std::max(returned[i].second, returned[i - 1].second);
  }
  for (size_t i = called.size(); i-- > 1;) {
    called[i - 1].second = std::min(called[i - 1].second, called[i].second);
  }
  plain_.clear();
  for (uint32_t i = 0; i < operations_.size(); ++i) {
    const Operation& operation = operations_[i];
    if (operation.call > last_) break;
    if (!operation.adds || IsRanked(operation)) continue;
    Plain plain{i, 1, kNoEnd};
    const auto before = std::lower_bound(returned.begin(), returned.end(),
                                         std::pair(operation.call, 0u));
    if (before != returned.begin()) {
      plain.first_place = ((before - 1)->second + 1) / 2 + 1;
    }
    if (operation.end <= last_ && operation.end != kNever) {
      const auto after = std::lower_bound(called.begin(), called.end(),
                                          std::pair(operation.end, 0u));
      if (after != called.end()) {
        plain.last_place = after->second / 2;
      }
    }
    plain_.push_back(plain);
  }
  std::stable_sort(plain_.begin(), plain_.end());
}

void Counting::FillPlaces() {
  at_hand_ = {};
  filled_.assign(place_count_ + 1, kNone);
  for (const Plain& plain : plain_) {
    if (plain.first_place > plain.last_place) return ReportTooMany(plain);
  }
  size_t next = 0;
  for (uint32_t place = 0; place <= place_count_; ++place) {
    for (; next < plain_.size() && plain_[next].first_place <= place; ++next) {
      at_hand_.push(plain_[next]);
    }
    if (place > 0 && !is_taken_[place] && !FillPlace(place)) return;
    // All places of its window may be those of others.
    if (!at_hand_.empty() && at_hand_.top().last_place <= place) {
      return ReportTooMany(at_hand_.top());
    }
  }
  for (; next < plain_.size(); ++next) at_hand_.push(plain_[next]);
}

bool Counting::FillPlace(uint32_t place) {
  if (at_hand_.empty()) {
    Report({last_return_, kTooFew, place, 0, FirstReturnShowing(place)});
    return false;
  }
  filled_[place] = at_hand_.top().index;
  at_hand_.pop();
  return true;
}

void Counting::ReportTooMany(const Plain& plain) {
  // It had returned before an operation of this rank was called.
  Moment guess = kNever;
  for (const Ranked& ranked : ranked_) {
    const Operation& operation = operations_[ranked.index];
    if (ranked.rank / 2 == plain.last_place &&
        operation.call > operations_[plain.index].end) {
      guess = std::min(guess, operation.end);
    }
  }
  Report({last_return_, kTooMany, plain.index, plain.last_place, guess});
}

Moment Counting::FirstReturnShowing(uint32_t place) const {
  Moment first = kNever;
  for (const Ranked& ranked : ranked_) {
    const Operation& operation = operations_[ranked.index];
    if (operation.count >= int64_t{place}) {
      first = std::min(first, operation.end);
    }
  }
  return first;
}

std::vector<OpIndex> Counting::Linearization() const {
  std::vector<OpIndex> linearization;
  linearization.reserve(operations_.size());
  const auto add = [&](uint32_t index) {
    linearization.push_back(operations_[index].operation);
  };
  size_t ranked = 0;
  for (uint32_t place = 0; place <= place_count_; ++place) {
    if (filled_[place] != kNone) add(filled_[place]);
    for (; ranked < ranked_.size() && ranked_[ranked].rank <= 2 * place;
         ++ranked) {
      add(ranked_[ranked].index);
    }
  }
  // What is left over, in the order of the calls; info operations are left out.
  auto rest = at_hand_;
  std::vector<uint32_t> left_over;
  for (; !rest.empty(); rest.pop()) {
    const uint32_t index = rest.top().index;
    if (operations_[index].end != kNever) left_over.push_back(index);
  }
  std::sort(left_over.begin(), left_over.end());
  for (const uint32_t index : left_over) add(index);
  return linearization;
}

std::string Counting::Describe(const Contradiction& contradiction) const {
  const uint32_t first = contradiction.first;
  const auto sum = [this](int64_t count) { return initial_ + count * amount_; };
  switch (contradiction.rule) {
    case kNoSuchSum:
      return "a sum was shown that the additions called by then cannot give";
    case kOutOfOrder:
      return absl::StrCat("the sum ", sum(operations_[first].count),
                          " was shown before ",
                          sum(operations_[contradiction.second].count), " was");
    case kSamePlace:
      return absl::StrCat("two additions returned the sum ", sum(first));
    case kTooFew:
      return absl::StrCat("too few additions can have come before the sum ",
                          sum(first), " was reached");
    default:
      return "a sum was shown that is too small to contain an addition which "
             "had returned before";
  }
}

}  // namespace

Decision DecideByCounting(const DeciderInput& input, Budget& budget) {
  const Allowance allowance(budget, input.calls.size() * kBytesAnOperation);
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Counting counting(input, budget);
  return DecideWhole(counting, input, budget);
}

}  // namespace minos::checker
