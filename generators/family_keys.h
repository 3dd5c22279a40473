// Objects that are told apart by the `key` field.

#ifndef MINOS_GENERATORS_FAMILY_KEYS_H_
#define MINOS_GENERATORS_FAMILY_KEYS_H_

#include <cstdint>

#include "generators/family_objects.h"
#include "history/value.h"

namespace minos::generators {

class KeyedObjects : public FamilyObjects {
 protected:
  explicit KeyedObjects(const FamilyContext& context)
      : context_(context), random_(context.random) {}

  history::ValueTable& values() const { return context_.values; }
  const FamilyContext& context() const { return context_; }
  targets::Random& random() { return random_; }

  uint32_t PickObject() {
    return static_cast<uint32_t>(
        random_.Below(static_cast<uint64_t>(context_.keys)));
  }
  // True in half of the cases.
  bool FlipCoin() { return random_.Below(2) == 0; }

  // A request of `object`, whose number is its key where there are several.
  Request MakeRequest(uint8_t kind, std::string_view function, uint32_t object,
                      history::ValueId argument = history::kNil) const {
    Request request;
    request.function = values().Keyword(function);
    if (context_.keys > 1) request.key = values().Integer(object);
    request.argument = argument;
    request.kind = kind;
    request.object = object;
    return request;
  }

 private:
  FamilyContext context_;
  targets::Random random_;
};

// Gives the last operation of the script the answer `result`. Always true.
inline bool AnswerScript(history::ValueId result, Trace& trace) {
  for (size_t i = trace.operations.size(); i-- > 0;) {
    if (!trace.operations[i].is_scripted) continue;
    trace.operations[i].result = result;
    return true;
  }
  return false;
}

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAMILY_KEYS_H_
