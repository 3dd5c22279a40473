// Linearizability of logs whose elements are appended once.
//
// Precondition. No value is appended more than once, or at all if it is in the
// log at the start. If some ok append does not tell its offset, no read at an
// offset finds nothing there.
//
// The idea. What appends and reads return tells at which offset elements stand.
// Let T(p) be the moment at which the element at offset p is appended; they
// grow with p. All operations say when they are, with a lower or an upper
// bound:
//   - an append at p: T(p) lies between its call and its return;
//   - a read of the whole that shows k elements: T(k - 1) is before its return,
//     and T(k) after its call;
//   - a read that finds an element at p: T(p) is before its return;
//   - a read that finds nothing at p: T(p) is after its call.
// With the lower bounds raised to those of smaller offsets, and the upper ones
// lowered to those of larger offsets, there are such moments exactly if each
// lower bound is before its upper one; and then the lower bounds will do. Each
// read has a moment, too: a read of the whole needs one between T(k - 1) and
// T(k) within its interval, and there is one if the bounds hold.
//
// Appends that do not tell their offset, and are not seen, fill the offsets
// below the last one known that nobody is known to have. Of each, the bounds
// give a window of offsets: the offset's upper bound is after its call, and the
// lower one before its return. Fill the offsets in order, each with the append
// at hand whose window ends first, the one called first of equal ones (see
// counting.cc for why this is right); what is left over comes after all, or, if
// it is an info append, not at all.
//
// Prefixes. That two results contradict each other is certain when both are
// there. Otherwise FindEarliest looks for the return.
//
// Cost. O(n log n + the size of all reads) time, about 100 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr uint32_t kStartOwner = kNone - 1;
constexpr size_t kBytesAnOperation = 100;
constexpr size_t kTextLength = 40;
constexpr int64_t kUnknown = -1;

enum Rule : int {
  kNobodyAppended,  // nothing appends the value `first` in time
  kElsewhere,       // the value `first` stands at two offsets
  kTwoAtOnce,       // two values stand where the value `first` does
  kLost,            // an element of the start is missing, or another
  kTooLarge,        // an offset is too large
  kOutOfOrder,      // `first` is an offset
  kTooFew,          // nothing can stand at offset `first`
  kTooMany,         // append `first` must come before what was read later
};

class Offsets : public PrefixJudge {
 public:
  Offsets(const DeciderInput& input, Budget& budget)
      : input_(input),
        budget_(budget),
        ids_(input.calls.size(), input.values.size()) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Of the prefix judged last, which was no violation. Nothing if none was
  // found, which cannot happen.
  std::optional<std::vector<OpIndex>> Linearization();

 private:
  struct Append {
    OpIndex operation;
    Moment call;
    Moment end;
    uint32_t value;
    int64_t offset = kUnknown;  // as it returned
  };
  // An ok read.
  struct Read {
    OpIndex operation;
    Moment call;
    Moment end;
    int64_t offset;  // kUnknown: of the whole
    uint32_t value;  // at an offset: kNone if it found nothing
    ValueId whole = kNil;
  };
  // Windows are of offsets without those of the start.
  struct Candidate {
    uint32_t last;
    uint32_t append;
    bool operator>(const Candidate& other) const {
      return std::pair(last, append) > std::pair(other.last, other.append);
    }
  };

  std::string SetStart();
  std::string AddAppend(const ObservedCall& call);
  std::string AddRead(const ObservedCall& call);
  std::span<const ValueId> ElementsOf(ValueId list) const {
    return list == kNil || list == kNoValue ? std::span<const ValueId>()
                                            : input_.values.elements(list);
  }
  bool CollectPlaces();
  bool Observe(const Read& read);
  bool Place(int64_t offset, uint32_t value, Moment end);
  bool Fail(Moment certain, Rule rule, uint32_t first, Moment guess = kNever) {
    earliest_ = Contradiction{certain, rule, first, 0, guess};
    return false;
  }
  bool FindBounds();
  bool FillHoles();
  size_t start_size() const { return start_.size(); }
  Moment EndOf(const Append& append) const {
    return append.end > last_ ? kNever : append.end;
  }

  const DeciderInput& input_;
  Budget& budget_;
  LocalIds ids_;
  std::vector<uint32_t> start_;  // values
  // By value: its append, kStartOwner, or kNone.
  std::vector<uint32_t> owner_;
  std::vector<Append> appends_;  // by call
  std::vector<Read> reads_;      // by call
  // Ends of appends that tell their offset (first) and of reads.
  std::vector<std::tuple<Moment, bool, uint32_t>> returns_;

  // Of the prefix being judged.
  Moment last_ = kNever;
  Moment last_return_ = kStart;
  std::optional<Contradiction> earliest_;
  std::vector<uint32_t> place_;  // by append: without the start; kNone
  std::vector<uint32_t> at_;     // by place: the append, or kNone
  uint32_t known_ = 0;           // places below this one are filled
  std::vector<Moment> low_;      // by place, and one more for all later ones
  std::vector<Moment> high_;
};

std::string Offsets::SetStart() {
  if (input_.initial == kNoValue || input_.initial == kNil) return "";
  if (input_.values.kind(input_.initial) != ValueKind::kList) {
    return "the value at the start is no list";
  }
  for (const ValueId x : input_.values.elements(input_.initial)) {
    start_.push_back(ids_.Of(x));
  }
  owner_.assign(ids_.size(), kStartOwner);
  return "";
}

std::string Offsets::AddAppend(const ObservedCall& call) {
  const ValueId x = call.content.argument;
  if (x == kNil || x == kNoValue) return "an append is of nil";
  Append append{call.operation, MomentOf(call.call), MomentOf(call.end),
                ids_.Of(x)};
  ValueId result = call.content.is_ok ? call.content.result : kNoValue;
  if (result != kNoValue && input_.values.kind(result) == ValueKind::kList) {
    const auto parts = input_.values.elements(result);
    if (parts.size() == 2 && parts[0] == x) result = parts[1];
  }
  if (result != kNoValue && input_.values.kind(result) == ValueKind::kInteger) {
    append.offset = input_.values.integer(result);
    if (append.offset < 0) return "an offset is below 0";
    returns_.emplace_back(append.end, true, appends_.size());
  }
  owner_.resize(std::max<size_t>(owner_.size(), append.value + size_t{1}),
                kNone);
  if (owner_[append.value] != kNone) {
    return absl::StrCat("the value ",
                        history::ToShortText(input_.values, x, kTextLength),
                        " is there more than once");
  }
  owner_[append.value] = static_cast<uint32_t>(appends_.size());
  appends_.push_back(append);
  return "";
}

std::string Offsets::AddRead(const ObservedCall& call) {
  if (!call.content.is_ok) return "";
  const ValueId at = call.content.argument;
  const ValueId result =
      call.content.result == kNoValue ? kNil : call.content.result;
  Read read{call.operation,
            MomentOf(call.call),
            MomentOf(call.end),
            kUnknown,
            kNone,
            kNil};
  if (at == kNil || at == kNoValue) {
    if (result != kNil && input_.values.kind(result) != ValueKind::kList) {
      return "a read returned no list";
    }
    read.whole = result;
    for (const ValueId x : ElementsOf(result)) ids_.Of(x);
  } else {
    if (input_.values.kind(at) != ValueKind::kInteger ||
        input_.values.integer(at) < 0) {
      return "a read is at what is no offset";
    }
    read.offset = input_.values.integer(at);
    if (result != kNil) read.value = ids_.Of(result);
  }
  returns_.emplace_back(read.end, false, reads_.size());
  reads_.push_back(read);
  return "";
}

std::string Offsets::Prepare() {
  std::string problem = SetStart();
  FunctionIndex functions(input_.values, input_.model);
  bool is_silent = false;
  bool finds_nothing = false;
  for (const ObservedCall& call : input_.calls) {
    if (!problem.empty() || budget_.Exhausted()) return problem;
    const std::string_view function =
        functions.MainNameOf(call.content.function);
    if (function == "append") {
      problem = AddAppend(call);
      is_silent = is_silent || (call.content.is_ok && problem.empty() &&
                                appends_.back().offset == kUnknown);
    } else if (function == "read") {
      problem = AddRead(call);
      finds_nothing = finds_nothing ||
                      (!reads_.empty() && reads_.back().offset != kUnknown &&
                       reads_.back().value == kNone);
    } else {
      return "there is an operation that is neither append nor read";
    }
  }
  if (problem.empty() && is_silent && finds_nothing) {
    return "an append does not tell its offset, and a read finds nothing at "
           "one";
  }
  owner_.resize(ids_.size(), kNone);
  std::sort(returns_.begin(), returns_.end());
  return problem;
}

// The value stands at `offset`, as shows at the return `end`. False, with a
// report, if that cannot be.
bool Offsets::Place(int64_t offset, uint32_t value, Moment end) {
  if (offset < static_cast<int64_t>(start_size())) {
    return start_[static_cast<size_t>(offset)] == value ||
           Fail(end, kLost, value);
  }
  const uint32_t append = owner_[value];
  if (append >= kStartOwner || appends_[append].call > end) {
    return Fail(end, kNobodyAppended, value);
  }
  const int64_t place = offset - static_cast<int64_t>(start_size());
  if (place >= static_cast<int64_t>(appends_.size())) {
    return Fail(end, kTooLarge, value);
  }
  const auto p = static_cast<uint32_t>(place);
  if (at_[p] == append) return true;
  if (at_[p] != kNone) return Fail(end, kTwoAtOnce, value);
  if (place_[append] != kNone) return Fail(end, kElsewhere, value);
  at_[p] = append;
  place_[append] = p;
  known_ = std::max(known_, p + 1);
  return true;
}

bool Offsets::Observe(const Read& read) {
  if (read.offset != kUnknown) {
    if (read.value != kNone) return Place(read.offset, read.value, read.end);
    return read.offset >= static_cast<int64_t>(start_size()) ||
           Fail(read.end, kLost, kNone);
  }
  const auto elements = ElementsOf(read.whole);
  if (elements.size() < start_size()) return Fail(read.end, kLost, kNone);
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!Place(static_cast<int64_t>(i), ids_.Find(elements[i]), read.end)) {
      return false;
    }
  }
  return true;
}

// Finds out which element stands where.
bool Offsets::CollectPlaces() {
  place_.assign(appends_.size(), kNone);
  at_.assign(appends_.size(), kNone);
  known_ = 0;
  for (const auto& [end, is_append, index] : returns_) {
    if (end > last_) break;
    const bool fits =
        is_append ? Place(appends_[index].offset, appends_[index].value, end)
                  : Observe(reads_[index]);
    if (!fits) return false;
  }
  return true;
}

// The bounds of T at each place. False, with a report, if they do not fit.
bool Offsets::FindBounds() {
  low_.assign(known_ + size_t{1}, kStart);
  high_.assign(known_ + size_t{1}, kNever);
  const auto raise = [&](size_t place, Moment moment) {
    if (place <= known_) low_[place] = std::max(low_[place], moment);
  };
  const auto lower = [&](size_t place, Moment moment) {
    high_[place] = std::min(high_[place], moment);
  };
  for (uint32_t i = 0; i < appends_.size(); ++i) {
    if (place_[i] == kNone) continue;
    raise(place_[i], appends_[i].call);
    lower(place_[i], EndOf(appends_[i]));
  }
  for (const Read& read : reads_) {
    if (read.end > last_) continue;
    const size_t count = read.offset == kUnknown
                             ? ElementsOf(read.whole).size()
                             : static_cast<size_t>(read.offset);
    if (count < start_size()) continue;
    const size_t place = count - start_size();
    if (read.offset == kUnknown) {
      raise(place, read.call);
      if (place > 0) lower(place - 1, read.end);
    } else if (read.value == kNone) {
      raise(place, read.call);
    } else {
      lower(place, read.end);
    }
  }
  for (size_t p = 1; p <= known_; ++p) low_[p] = std::max(low_[p], low_[p - 1]);
  for (size_t p = known_; p-- > 0;) high_[p] = std::min(high_[p], high_[p + 1]);
  for (uint32_t p = 0; p < known_; ++p) {
    if (low_[p] >= high_[p]) {
      return Fail(last_return_, kOutOfOrder, p, low_[p] + 1);
    }
  }
  return true;
}

// Finds an append for each place that has none.
bool Offsets::FillHoles() {
  std::vector<std::pair<uint32_t, Candidate>> candidates;  // by first place
  for (uint32_t i = 0; i < appends_.size(); ++i) {
    const Append& append = appends_[i];
    if (append.call > last_ || place_[i] != kNone) continue;
    const auto first = static_cast<uint32_t>(
        std::upper_bound(high_.begin(), high_.end(), append.call) -
        high_.begin());
    const auto after = static_cast<uint32_t>(
        std::lower_bound(low_.begin(), low_.end(), EndOf(append)) -
        low_.begin());
    if (after <= first) return Fail(last_return_, kTooMany, i);
    candidates.emplace_back(first, Candidate{after - 1, i});
  }
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>
      at_hand;
  size_t next = 0;
  for (uint32_t place = 0; place < known_; ++place) {
    for (; next < candidates.size() && candidates[next].first <= place;
         ++next) {
      at_hand.push(candidates[next].second);
    }
    if (at_[place] == kNone) {
      if (at_hand.empty()) return Fail(last_return_, kTooFew, place);
      at_[place] = at_hand.top().append;
      place_[at_[place]] = place;
      at_hand.pop();
    }
    if (!at_hand.empty() && at_hand.top().last <= place) {
      return Fail(last_return_, kTooMany, at_hand.top().append);
    }
  }
  return true;
}

std::optional<Contradiction> Offsets::Judge(Moment last) {
  earliest_.reset();
  last_ = last;
  last_return_ = kStart;
  for (const ObservedCall& call : input_.calls) {
    if (call.end != kNever && MomentOf(call.end) <= last) {
      last_return_ = std::max(last_return_, MomentOf(call.end));
    }
  }
  if (budget_.Exhausted()) return std::nullopt;
  if (CollectPlaces() && FindBounds()) FillHoles();
  return earliest_;
}

std::optional<std::vector<OpIndex>> Offsets::Linearization() {
  // Those of what fills the holes count as well.
  if (!FindBounds()) return std::nullopt;
  const auto start = static_cast<uint64_t>(start_size());
  enum Step : uint64_t { kReadBefore, kAppend, kReadAfter };
  std::vector<std::tuple<Moment, uint64_t, OpIndex>> steps;
  const auto add = [&](Moment gap, uint64_t count, Step step, OpIndex op) {
    steps.emplace_back(gap, count << 2 | step, op);
  };
  for (uint32_t i = 0; i < appends_.size(); ++i) {
    const Append& append = appends_[i];
    if (place_[i] != kNone) {
      add(low_[place_[i]], start + place_[i], kAppend, append.operation);
    } else if (append.end != kNever) {
      add(std::max(low_[known_], append.call), start + known_ + 1 + i, kAppend,
          append.operation);
    }
  }
  for (const Read& read : reads_) {
    if (read.offset != kUnknown && read.value != kNone) {
      const auto offset = static_cast<uint64_t>(read.offset);
      add(offset < start ? read.call
                         : std::max(read.call, low_[offset - start]),
          offset, kReadAfter, read.operation);
      continue;
    }
    const uint64_t count = read.offset == kUnknown
                               ? ElementsOf(read.whole).size()
                               : static_cast<uint64_t>(read.offset);
    const bool needs_last = read.offset == kUnknown && count > start;
    add(needs_last ? std::max(read.call, low_[count - start - 1]) : read.call,
        std::min<uint64_t>(count, start + known_), kReadBefore, read.operation);
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(steps.size());
  for (const auto& step : steps) linearization.push_back(std::get<2>(step));
  return linearization;
}

std::string Offsets::Describe(const Contradiction& contradiction) const {
  const uint32_t first = contradiction.first;
  const auto text = [&] {
    return history::ToShortText(input_.values, ids_.value(first), kTextLength);
  };
  switch (contradiction.rule) {
    case kNobodyAppended:
      return absl::StrCat("the value ", text(),
                          " was read, but nothing that had been called by then "
                          "appends it");
    case kElsewhere:
      return absl::StrCat("the value ", text(), " stands at two offsets");
    case kTwoAtOnce:
      return absl::StrCat("two values stand at the offset of ", text());
    case kLost:
      return "what was in the log at the start is not there";
    case kTooLarge:
      return absl::StrCat("the value ", text(),
                          " stands at an offset that is too large");
    case kOutOfOrder:
      return absl::StrCat("what stands at offset ", first + start_size(),
                          " came later than what was read before it was there");
    case kTooFew:
      return absl::StrCat("no append can have put anything at offset ",
                          first + start_size());
    default:
      return absl::StrCat(
          "the value ",
          history::ToShortText(input_.values, ids_.value(appends_[first].value),
                               kTextLength),
          " was appended, but later reads do not have it");
  }
}

}  // namespace

Decision DecideByOffsets(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Offsets offsets(input, budget);
  return DecideWhole(offsets, input, budget);
}

}  // namespace minos::checker
