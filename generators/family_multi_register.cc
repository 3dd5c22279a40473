// One object of several registers, with transactions of one to three reads and
// writes of five values.
//
// The violation is that of a register: A is written to the first one, then B,
// then A is read from it, and nobody else writes A or B.

#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kNil;
using history::ValueId;

constexpr uint64_t kFewValues = 5;
constexpr uint64_t kLongestTransaction = 3;

class MultiRegister : public KeyedObjects {
 public:
  explicit MultiRegister(const FamilyContext& context)
      : KeyedObjects(context),
        read_(values().Keyword("r")),
        write_(values().Keyword("w")),
        states_(static_cast<size_t>(context.keys), kNil) {}

  std::optional<Request> Choose(int, int64_t) override {
    std::vector<ValueId> steps;
    const uint64_t length = 1 + random().Below(kLongestTransaction);
    for (uint64_t i = 0; i < length; ++i) {
      const uint32_t target = PickObject();
      steps.push_back(FlipCoin() ? Step(read_, target, kNil)
                                 : Step(write_, target,
                                        values().Integer(static_cast<int64_t>(
                                            random().Below(kFewValues)))));
    }
    return MakeTransaction(steps);
  }

  Reply Apply(const Request& request) override {
    // Interning moves what elements() points to.
    const auto span = values().elements(request.argument);
    std::vector<ValueId> steps(span.begin(), span.end());
    for (ValueId& step : steps) {
      const auto parts = values().elements(step);
      const ValueId function = parts[0];
      const auto target = static_cast<uint32_t>(values().integer(parts[1]));
      if (function == write_) {
        states_[target] = parts[2];
      } else {
        step = Step(read_, target, states_[target]);
      }
    }
    return Reply::Ok(values().List(steps));
  }

  std::vector<Request> Script() override {
    return {MakeTransaction({Step(write_, 0, Reserved(0))}),
            MakeTransaction({Step(write_, 0, Reserved(1))}),
            MakeTransaction({Step(read_, 0, kNil)})};
  }

  bool Plant(size_t, Trace& trace) override {
    const ValueId stale = Step(read_, 0, Reserved(0));
    return AnswerScript(values().List({&stale, 1}), trace);
  }

 private:
  ValueId Reserved(int64_t which) const {
    return values().Integer(static_cast<int64_t>(kFewValues) + which);
  }

  ValueId Step(ValueId function, uint32_t target, ValueId value) const {
    const ValueId parts[] = {function, values().Integer(target), value};
    return values().List(parts);
  }

  Request MakeTransaction(const std::vector<ValueId>& steps) const {
    Request request = MakeRequest(0, "txn", 0, values().List(steps));
    request.key = history::kNoValue;
    return request;
  }

  ValueId read_;
  ValueId write_;
  std::vector<ValueId> states_;
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeMultiRegister(const FamilyContext& context) {
  return std::make_unique<MultiRegister>(context);
}

}  // namespace minos::generators
