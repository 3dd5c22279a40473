// Linearizability of locks and semaphores whose operations all take or free the
// same number of permits.
//
// Precondition. Every acquire and release is of d permits. (A mutex is a
// semaphore of one permit.) Operations of no permits say nothing, and ones of
// more permits than there are never happen; there may be any of both.
//
// The idea. Then the state is how many times d permits are free, from 0 to some
// n, and all acquires are alike, and all releases. Sweep over the events and
// let an operation take effect only where its return forces that. If it does
// not fit then, one operation of the other kind has to come first: of those
// that are open and have not taken effect, the one that returns first, and an
// info operation only if there is no other. If none is open, this return is the
// end of the smallest violated prefix.
//
// Why it is right. Compare with any linearization of a prefix, brought into the
// same form (each operation takes effect at the return of one that is forced).
// It may let more operations take effect at some return than the sweep does.
// Let P be those that are ahead, so that its state is that of the sweep and the
// sum of P. The sweep can always follow, with P as what it still has at hand.
// Say that it is stuck with an operation z that takes a permit, whether z is
// forced now or is taken in the linearization: no permit is free. In the
// linearization z fitted, so that P (with z, if z is of P) frees at least as
// much as it takes; so a release is in P or open in the linearization too, and
// the sweep takes one. The same holds for an operation that frees a permit.
// Which one of a kind is taken does not matter but for when it returns, and an
// exchange of two shows that the one that returns first is never worse: what
// is open at the return of the one can be taken in the place of the other.
//
// The sweep never looks at what comes later but to choose among open
// operations, and any choice that is right for the whole history is right for
// its prefixes; so the first return at which it is stuck is the smallest
// violated prefix.
//
// Cost. O(n log n) time, about 40 bytes an operation.

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNever;
using history::kNil;
using history::kNoValue;
using history::kTrue;
using history::OpIndex;
using history::Position;
using history::ValueId;
using history::ValueKind;

constexpr size_t kBytesAnOperation = 40;
constexpr int64_t kMostPermits = std::numeric_limits<int32_t>::max();

class Permits {
 public:
  explicit Permits(const DeciderInput& input) : input_(input) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  Decision Decide();

 private:
  enum Kind : uint8_t { kAcquire, kRelease, kNothing, kTooMany };
  struct Operation {
    OpIndex operation;
    Kind kind;
    bool has_happened = false;
  };

  std::string SetStart();
  std::string AddCall(const ObservedCall& call, FunctionIndex& functions);
  std::optional<int64_t> AmountOf(const ObservedCall& call) const;
  void Open(uint32_t index);
  // Lets the operation take effect, and another before it if it must. False if
  // none can.
  bool Force(uint32_t index);
  std::optional<uint32_t> TakeOpen(Kind kind);
  bool Fits(Kind kind) const {
    return kind == kAcquire ? free_ > 0 : free_ < all_;
  }
  void Apply(uint32_t index);

  const DeciderInput& input_;
  int64_t permits_ = 1;
  int64_t free_ = 1;                   // at first in permits, then in times d
  int64_t all_ = 1;                    // in times d
  int64_t amount_ = 0;                 // d; 0 while none was seen
  std::vector<Operation> operations_;  // as the calls
  // Of each kind the open operations that return, by when, and the info ones.
  using ByEnd = std::pair<Position, uint32_t>;
  std::array<std::priority_queue<ByEnd, std::vector<ByEnd>, std::greater<>>, 2>
      open_;
  std::array<std::vector<uint32_t>, 2> crashed_;
  std::vector<OpIndex> linearization_;
};

std::string Permits::SetStart() {
  const ValueId initial = input_.initial;
  const bool is_default = initial == kNoValue || initial == kNil;
  if (input_.model.name == "mutex") {
    if (!is_default && initial != kFalse && initial != kTrue) {
      return "the value at the start is no state of a mutex";
    }
    if (initial == kTrue) free_ = 0;
    return "";
  }
  if (is_default) return "";
  if (input_.values.kind(initial) != ValueKind::kInteger ||
      input_.values.integer(initial) < 0 ||
      input_.values.integer(initial) > kMostPermits) {
    return "the value at the start is no number of permits";
  }
  permits_ = free_ = input_.values.integer(initial);
  return "";
}

std::string Permits::Prepare() {
  std::string problem = SetStart();
  if (!problem.empty()) return problem;
  FunctionIndex functions(input_.values, input_.model);
  operations_.reserve(input_.calls.size());
  for (const ObservedCall& call : input_.calls) {
    problem = AddCall(call, functions);
    if (!problem.empty()) return problem;
  }
  all_ = amount_ == 0 ? permits_ : permits_ / amount_;
  free_ = amount_ == 0 ? free_ : free_ / amount_;
  return "";
}

// How many permits the call asks for; nothing if that is no number.
std::optional<int64_t> Permits::AmountOf(const ObservedCall& call) const {
  const ValueId argument = call.content.argument;
  if (input_.model.name == "mutex" || argument == kNil ||
      argument == kNoValue) {
    return 1;
  }
  if (input_.values.kind(argument) != ValueKind::kInteger ||
      input_.values.integer(argument) < 0) {
    return std::nullopt;
  }
  return input_.values.integer(argument);
}

std::string Permits::AddCall(const ObservedCall& call,
                             FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  const std::optional<int64_t> amount = AmountOf(call);
  if ((function != "acquire" && function != "release") || !amount ||
      (call.content.is_ok && call.content.result == kFalse)) {
    return "there is an operation that is neither acquire nor release";
  }
  Kind kind = function == "acquire" ? kAcquire : kRelease;
  if (*amount == 0) {
    kind = kNothing;
  } else if (*amount > permits_) {
    kind = kTooMany;
  } else if (amount_ != 0 && amount_ != *amount) {
    return "the numbers of permits differ";
  } else {
    amount_ = *amount;
  }
  operations_.push_back({call.operation, kind});
  return "";
}

void Permits::Open(uint32_t index) {
  const Kind kind = operations_[index].kind;
  if (kind > kRelease) return;
  const Position end = input_.calls[index].end;
  if (end == kNever) {
    crashed_[kind].push_back(index);
  } else {
    open_[kind].emplace(end, index);
  }
}

std::optional<uint32_t> Permits::TakeOpen(Kind kind) {
  auto& open = open_[kind];
  while (!open.empty() && operations_[open.top().second].has_happened) {
    open.pop();
  }
  if (!open.empty()) return open.top().second;
  if (crashed_[kind].empty()) return std::nullopt;
  const uint32_t index = crashed_[kind].back();
  crashed_[kind].pop_back();
  return index;
}

void Permits::Apply(uint32_t index) {
  Operation& operation = operations_[index];
  operation.has_happened = true;
  if (operation.kind == kAcquire) --free_;
  if (operation.kind == kRelease) ++free_;
  linearization_.push_back(operation.operation);
}

bool Permits::Force(uint32_t index) {
  const Kind kind = operations_[index].kind;
  if (kind == kTooMany) return false;
  if (kind != kNothing && !Fits(kind)) {
    const auto other = TakeOpen(kind == kAcquire ? kRelease : kAcquire);
    if (!other) return false;
    Apply(*other);
  }
  Apply(index);
  return true;
}

Decision Permits::Decide() {
  std::vector<ByEnd> returns;
  returns.reserve(operations_.size());
  for (uint32_t i = 0; i < operations_.size(); ++i) {
    if (input_.calls[i].end != kNever) {
      returns.emplace_back(input_.calls[i].end, i);
    }
  }
  std::sort(returns.begin(), returns.end());
  Decision decision;
  uint32_t called = 0;
  for (const auto& [end, index] : returns) {
    for (; called < operations_.size() && input_.calls[called].call < end;
         ++called) {
      Open(called);
    }
    if (operations_[index].has_happened || Force(index)) continue;
    decision.kind = Decision::Kind::kViolation;
    decision.culprit = operations_[index].operation;
    decision.reason =
        operations_[index].kind == kTooMany
            ? "an operation is of more permits than there are"
        : operations_[index].kind == kAcquire
            ? "an acquire returned while everything was taken, and nothing "
              "that may have freed it was open"
            : "a release returned while nothing was taken, and nothing that "
              "may have taken it was open";
    return decision;
  }
  decision.kind = Decision::Kind::kValid;
  decision.linearization = std::move(linearization_);
  return decision;
}

}  // namespace

Decision DecideByPermits(const DeciderInput& input, Budget& budget) {
  const Allowance allowance(budget, input.calls.size() * kBytesAnOperation);
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Permits permits(input);
  std::string problem = permits.Prepare();
  if (!problem.empty()) return NotApplicable(std::move(problem));
  if (budget.Exhausted()) return OutOfBudget(budget);
  return permits.Decide();
}

}  // namespace minos::checker
