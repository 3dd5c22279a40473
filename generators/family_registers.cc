// Registers, with unique values or few, with and without compare-and-set.
//
// The violation: A is written, then B, then A is read. A and B are written
// nowhere else, so whatever the other writes did, the last write before the
// read was not that of A.

#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kNil;
using history::ValueId;

constexpr int64_t kFewValues = 5;

class Registers : public KeyedObjects {
 public:
  enum class Values : uint8_t { kUnique, kFew };

  Registers(const FamilyContext& context, Values values, bool has_cas)
      : KeyedObjects(context),
        values_(values),
        has_cas_(has_cas),
        states_(static_cast<size_t>(context.keys), kNil) {}

  std::optional<Request> Choose(int, int64_t) override {
    const uint32_t object = PickObject();
    if (FlipCoin()) return MakeRequest(kRead, "read", object);
    if (has_cas_ && FlipCoin()) return MakeCas(object);
    return MakeWrite(object, PickValue());
  }

  Reply Apply(const Request& request) override {
    ValueId& state = states_[request.object];
    if (request.kind == kRead) return Reply::Ok(state);
    if (request.kind == kCas) {
      if (state != values().Integer(request.a)) return Reply::Fail();
      state = values().Integer(request.b);
    } else {
      state = values().Integer(request.a);
    }
    return Reply::Ok(request.argument);
  }

  std::vector<Request> Script() override {
    return {MakeWrite(0, FirstReserved()), MakeWrite(0, FirstReserved() + 1),
            MakeRequest(kRead, "read", 0)};
  }

  bool Plant(size_t, Trace& trace) override {
    return AnswerScript(values().Integer(FirstReserved()), trace);
  }

 private:
  enum Kind : uint8_t { kRead, kWrite, kCas };

  // The values that are reserved for the violation come after all others.
  int64_t FirstReserved() const {
    return values_ == Values::kUnique ? context().operations : kFewValues;
  }

  int64_t PickValue() {
    if (values_ == Values::kUnique) return next_value_++;
    return static_cast<int64_t>(random().Below(kFewValues));
  }

  Request MakeWrite(uint32_t object, int64_t value) {
    Request request =
        MakeRequest(kWrite, "write", object, values().Integer(value));
    request.a = value;
    return request;
  }

  Request MakeCas(uint32_t object) {
    const int64_t from = PickValue();
    const int64_t to = PickValue();
    const ValueId pair[] = {values().Integer(from), values().Integer(to)};
    Request request = MakeRequest(kCas, "cas", object, values().List(pair));
    request.a = from;
    request.b = to;
    return request;
  }

  Values values_;
  bool has_cas_;
  std::vector<ValueId> states_;
  int64_t next_value_ = 0;
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeRegisters(const FamilyContext& context) {
  return std::make_unique<Registers>(context, Registers::Values::kUnique,
                                     false);
}

std::unique_ptr<FamilyObjects> MakeFewValueRegisters(
    const FamilyContext& context) {
  return std::make_unique<Registers>(context, Registers::Values::kFew, false);
}

std::unique_ptr<FamilyObjects> MakeCasRegisters(const FamilyContext& context) {
  return std::make_unique<Registers>(context, Registers::Values::kFew, true);
}

}  // namespace minos::generators
