// Counters: increments by one, additions of a few amounts, or of any.
//
// The violation where nothing is subtracted: a read is smaller than one that
// had returned before its call, though such a counter never falls. With any
// amounts: a read is a sum that no choice of the additions that may or may not
// have come before it gives.

#include <algorithm>
#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

constexpr int64_t kLargestOfFew = 5;
constexpr int64_t kLargestAmount = 100;
// Up to so many additions in doubt, all their choices are looked at.
constexpr size_t kMaxChoices = 16;

class Counters : public KeyedObjects {
 public:
  explicit Counters(const FamilyContext& context)
      : KeyedObjects(context), sums_(static_cast<size_t>(context.keys), 0) {}

  std::optional<Request> Choose(int, int64_t) override {
    const uint32_t object = PickObject();
    if (FlipCoin()) return MakeRequest(kRead, "read", object);
    const int64_t amount = PickAmount();
    Request request =
        MakeRequest(kAdd, "add", object, values().Integer(amount));
    request.a = amount;
    return request;
  }

  Reply Apply(const Request& request) override {
    int64_t& sum = sums_[request.object];
    if (request.kind == kRead) return Reply::Ok(values().Integer(sum));
    sum += request.a;
    return Reply::Ok(request.argument);
  }

  bool Plant(size_t mark, Trace& trace) override {
    std::optional<int64_t> wrong;
    const auto place =
        FindNearest(trace.operations.size(), mark, [&](uint32_t operation) {
          if (!IsOkRead(trace.operations[operation])) return false;
          wrong = WrongSum(trace, operation);
          return wrong.has_value();
        });
    if (!place.has_value()) return false;
    trace.operations[*place].result = values().Integer(*wrong);
    return true;
  }

 protected:
  enum Kind : uint8_t { kRead, kAdd };

  static bool IsOkRead(const TraceOperation& operation) {
    return operation.request.kind == kRead && operation.is_ok();
  }

  virtual int64_t PickAmount() { return 1; }

  // What `read` cannot have returned; nullopt if that is not known.
  virtual std::optional<int64_t> WrongSum(const Trace& trace, uint32_t read) {
    int64_t largest = 0;
    for (uint32_t i = 0; i < read; ++i) {
      const TraceOperation& other = trace.operations[i];
      if (!IsOkRead(other) || !trace.Precedes(i, read) ||
          other.request.object != trace.operations[read].request.object) {
        continue;
      }
      largest = std::max(largest, values().integer(other.result));
    }
    if (largest == 0) return std::nullopt;
    return largest - 1;
  }

 private:
  std::vector<int64_t> sums_;
};

class FewAmountCounters : public Counters {
 public:
  using Counters::Counters;

 protected:
  int64_t PickAmount() override { return random().Between(1, kLargestOfFew); }
};

class ArbitraryCounters : public Counters {
 public:
  using Counters::Counters;

 protected:
  int64_t PickAmount() override {
    const int64_t size = random().Between(1, kLargestAmount);
    return FlipCoin() ? size : -size;
  }

  // The nearest larger sum that no choice of the additions in doubt gives.
  std::optional<int64_t> WrongSum(const Trace& trace, uint32_t read) override {
    const TraceOperation& reader = trace.operations[read];
    int64_t certain = 0;
    std::vector<int64_t> in_doubt;
    for (uint32_t i = 0; i < trace.operations.size(); ++i) {
      const TraceOperation& other = trace.operations[i];
      if (other.request.kind != kAdd || other.call > reader.completion ||
          other.request.object != reader.request.object) {
        continue;
      }
      if (trace.Precedes(i, read)) {
        certain += other.request.a;
      } else {
        in_doubt.push_back(other.request.a);
      }
    }
    const int64_t seen = values().integer(reader.result);
    return certain + FirstMissingSum(in_doubt, seen - certain);
  }

 private:
  // The smallest number above `bound` that is not the sum of some of `amounts`;
  // one above all sums where there are too many.
  static int64_t FirstMissingSum(const std::vector<int64_t>& amounts,
                                 int64_t bound) {
    if (amounts.size() > kMaxChoices) {
      int64_t missing = 1;
      for (const int64_t amount : amounts) {
        missing += std::max<int64_t>(amount, 0);
      }
      return missing;
    }
    std::vector<int64_t> sums = {0};
    for (const int64_t amount : amounts) {
      const size_t count = sums.size();
      for (size_t i = 0; i < count; ++i) sums.push_back(sums[i] + amount);
    }
    std::sort(sums.begin(), sums.end());
    int64_t missing = bound + 1;
    while (std::binary_search(sums.begin(), sums.end(), missing)) ++missing;
    return missing;
  }
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeCounters(const FamilyContext& context) {
  return std::make_unique<Counters>(context);
}

std::unique_ptr<FamilyObjects> MakeFewAmountCounters(
    const FamilyContext& context) {
  return std::make_unique<FewAmountCounters>(context);
}

std::unique_ptr<FamilyObjects> MakeArbitraryCounters(
    const FamilyContext& context) {
  return std::make_unique<ArbitraryCounters>(context);
}

}  // namespace minos::generators
