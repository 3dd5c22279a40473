// Strings under keys, which are put, appended to and read.
//
// Each put and each append brings text of its own, so that every string tells
// its story. The violation: A is put, then B, then A is read, alone. What comes
// after B begins with B or with something put later.

#include <string>
#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

class KeyValueStores : public KeyedObjects {
 public:
  explicit KeyValueStores(const FamilyContext& context)
      : KeyedObjects(context), states_(static_cast<size_t>(context.keys)) {}

  std::optional<Request> Choose(int, int64_t) override {
    const uint32_t object = PickObject();
    if (FlipCoin()) return Make(kGet, "get", object);
    const int64_t number = next_number_++;
    return FlipCoin() ? Make(kPut, "put", object, number)
                      : Make(kAppend, "append", object, number);
  }

  Reply Apply(const Request& request) override {
    std::string& state = states_[request.object];
    if (request.kind == kGet) return Reply::Ok(values().String(state));
    if (request.kind == kPut) state.clear();
    state += Text(request.a);
    return Reply::Ok(request.argument);
  }

  std::vector<Request> Script() override {
    return {Make(kPut, "put", 0, context().operations),
            Make(kPut, "put", 0, context().operations + 1),
            Make(kGet, "get", 0)};
  }

  bool Plant(size_t, Trace& trace) override {
    return AnswerScript(values().String(Text(context().operations)), trace);
  }

 private:
  enum Kind : uint8_t { kGet, kPut, kAppend };

  static std::string Text(int64_t number) {
    return std::to_string(number) + ",";
  }

  // The data type is about keys: there is one even where there is only one.
  Request Make(Kind kind, std::string_view function, uint32_t object,
               int64_t number = 0) {
    Request request = MakeRequest(kind, function, object);
    request.key = values().Integer(object);
    request.a = number;
    if (kind != kGet) request.argument = values().String(Text(number));
    return request;
  }

  std::vector<std::string> states_;
  int64_t next_number_ = 0;
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeKeyValueStores(
    const FamilyContext& context) {
  return std::make_unique<KeyValueStores>(context);
}

}  // namespace minos::generators
