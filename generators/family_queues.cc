// Collections whose elements are put in and taken out: queues, stacks, priority
// queues. Elements are unique, and about twenty are inside at any time; a
// client that finds nothing to take is told so (`fail`).
//
// The violation of an order: two takes, of x and then of y, that do not overlap
// are made to return each other's element, where the puts of x and y do not
// overlap either, so that the order of the puts is certain. No info operation
// can explain it: x and y are put in only once, and each is taken by an
// operation that says so, so that no other take can have had either.
//  - Queue: x was put in before y, and y comes out while x is inside.
//  - Stack: y was put in before x, both before the takes, and y comes out while
//    x is above it.
//  - Priority queue: x is the smaller one and was in before the takes, and y
//    comes out while x is inside.
// Without an order: an element is taken a second time.

#include <algorithm>
#include <deque>
#include <string_view>
#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::ValueId;

constexpr int64_t kUsualSize = 20;
// Priorities are random in their upper digits and unique by the lower ones.
constexpr int64_t kPriorities = 1000;
// How many operations after the first take the second is looked for.
constexpr uint32_t kReach = 20'000;

enum class Order : uint8_t { kFifo, kLifo, kSmallestFirst, kNone };

struct Names {
  std::string_view put;
  std::string_view take;
};

class Queues : public KeyedObjects {
 public:
  Queues(const FamilyContext& context, Order order, Names names)
      : KeyedObjects(context),
        order_(order),
        names_(names),
        contents_(static_cast<size_t>(context.keys)) {}

  std::optional<Request> Choose(int, int64_t) override {
    const uint32_t object = PickObject();
    const auto size = static_cast<int64_t>(contents_[object].size());
    if (random().Between(0, 2 * kUsualSize) < size) {
      return MakeRequest(kTake, names_.take, object);
    }
    const int64_t element = NewElement();
    Request request =
        MakeRequest(kPut, names_.put, object, values().Integer(element));
    request.a = element;
    return request;
  }

  Reply Apply(const Request& request) override {
    std::deque<int64_t>& contents = contents_[request.object];
    if (request.kind == kPut) {
      contents.push_back(request.a);
      return Reply::Ok(request.argument);
    }
    if (contents.empty()) return Reply::Fail();
    const auto taken = NextOut(contents);
    const ValueId element = values().Integer(*taken);
    contents.erase(taken);
    return Reply::Ok(element);
  }

  bool Plant(size_t mark, Trace& trace) override {
    IndexPuts(trace);
    uint32_t other = 0;
    const auto place =
        FindNearest(trace.operations.size(), mark, [&](uint32_t operation) {
          const auto partner = FindPartner(trace, operation);
          other = partner.value_or(0);
          return partner.has_value();
        });
    if (!place.has_value()) return false;
    ValueId& result = trace.operations[*place].result;
    if (order_ == Order::kNone) {
      result = trace.operations[other].result;
    } else {
      std::swap(result, trace.operations[other].result);
    }
    return true;
  }

 private:
  enum Kind : uint8_t { kPut, kTake };

  int64_t NewElement() {
    const int64_t number = next_number_++;
    if (order_ != Order::kSmallestFirst) return number;
    return random().Between(0, kPriorities - 1) * context().operations + number;
  }

  std::deque<int64_t>::iterator NextOut(std::deque<int64_t>& contents) {
    switch (order_) {
      case Order::kFifo:
        return contents.begin();
      case Order::kLifo:
        return contents.end() - 1;
      case Order::kSmallestFirst:
        return std::min_element(contents.begin(), contents.end());
      default:
        return contents.begin() +
               static_cast<ptrdiff_t>(random().Below(contents.size()));
    }
  }

  void IndexPuts(const Trace& trace) {
    puts_.assign(static_cast<size_t>(next_number_), 0);
    for (uint32_t i = 0; i < trace.operations.size(); ++i) {
      const Request& request = trace.operations[i].request;
      if (request.kind == kPut) puts_[NumberOf(request.a)] = i;
    }
  }

  // Which element it is, in the order in which they were made.
  size_t NumberOf(int64_t element) const {
    if (order_ == Order::kSmallestFirst) element %= context().operations;
    return static_cast<size_t>(element);
  }

  static bool IsTake(const TraceOperation& operation) {
    return operation.request.kind == kTake && operation.is_ok();
  }

  // The take whose result, given to `take` (or exchanged with it), is a
  // violation.
  std::optional<uint32_t> FindPartner(const Trace& trace, uint32_t take) const {
    const auto& operations = trace.operations;
    if (!IsTake(operations[take])) return std::nullopt;
    const auto fits = [&](uint32_t other) {
      return IsTake(operations[other]) &&
             operations[other].request.object ==
                 operations[take].request.object &&
             (order_ == Order::kNone ? trace.Precedes(other, take)
                                     : IsSwapWrong(trace, take, other));
    };
    for (uint32_t i = 1; i < kReach; ++i) {
      if (order_ == Order::kNone) {
        if (i > take) break;
        if (fits(take - i)) return take - i;
      } else {
        if (take + i >= operations.size()) break;
        if (fits(take + i)) return take + i;
      }
    }
    return std::nullopt;
  }

  // True if `first`, which took x, and `second`, which took y, may not have
  // taken each other's, though at least y may have been inside.
  bool IsSwapWrong(const Trace& trace, uint32_t first, uint32_t second) const {
    const auto& operations = trace.operations;
    const int64_t x = values().integer(operations[first].result);
    const int64_t y = values().integer(operations[second].result);
    const uint32_t put_x = puts_[NumberOf(x)];
    const uint32_t put_y = puts_[NumberOf(y)];
    if (!trace.Precedes(first, second) ||
        operations[put_y].call > operations[first].completion) {
      return false;
    }
    switch (order_) {
      case Order::kFifo:
        return trace.Precedes(put_x, put_y);
      case Order::kLifo:
        return trace.Precedes(put_y, put_x) && trace.Precedes(put_x, first);
      default:
        return x < y && trace.Precedes(put_x, first);
    }
  }

  Order order_;
  Names names_;
  std::vector<std::deque<int64_t>> contents_;  // in the order of the puts
  int64_t next_number_ = 0;
  std::vector<uint32_t> puts_;  // by number of the element
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeQueues(const FamilyContext& context) {
  return std::make_unique<Queues>(context, Order::kFifo,
                                  Names{"enqueue", "dequeue"});
}

std::unique_ptr<FamilyObjects> MakeUnorderedQueues(
    const FamilyContext& context) {
  return std::make_unique<Queues>(context, Order::kNone,
                                  Names{"enqueue", "dequeue"});
}

std::unique_ptr<FamilyObjects> MakePriorityQueues(
    const FamilyContext& context) {
  return std::make_unique<Queues>(context, Order::kSmallestFirst,
                                  Names{"insert", "delete-min"});
}

std::unique_ptr<FamilyObjects> MakeStacks(const FamilyContext& context) {
  return std::make_unique<Queues>(context, Order::kLifo, Names{"push", "pop"});
}

}  // namespace minos::generators
