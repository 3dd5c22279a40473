#include "checker/value_projection.h"

#include "checker/emptiness.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

bool IsCollection(const history::ValueTable& values, ValueId value) {
  if (value == kNoValue) return false;
  const ValueKind kind = values.kind(value);
  return kind == ValueKind::kList || kind == ValueKind::kSet;
}

}  // namespace

ValueProjection::ValueProjection(const ModelInfo& model,
                                 const history::ValueTable& values,
                                 ValueId initial, Budget& budget)
    : kind_(Kind::kOther),
      values_(values),
      functions_(values, model),
      budget_(budget) {
  for (const std::string_view name :
       {"fifo-queue", "unordered-queue", "stack", "priority-queue"}) {
    if (model.name == name) kind_ = Kind::kQueue;
  }
  if (model.name == "set" || model.name == "multiset") kind_ = Kind::kSet;
  if (IsCollection(values, initial)) {
    const auto elements = values.elements(initial);
    at_start_.insert(elements.begin(), elements.end());
    elements_at_start_ = elements.size();
  }
}

bool ValueProjection::IsNamed(const Call& call, std::string_view name) {
  return functions_.MainNameOf(call.function) == name;
}

bool ValueProjection::IsRemoval(const Call& call) {
  return IsNamed(call, "dequeue") || IsNamed(call, "pop") ||
         IsNamed(call, "delete-min");
}

ValueId ValueProjection::ValueOf(const Call& call) {
  if (kind_ == Kind::kSet && IsNamed(call, "read")) return kNoValue;
  const bool is_removal = kind_ == Kind::kQueue && IsRemoval(call);
  if (is_removal && !call.is_ok) return kNoValue;
  const ValueId value = is_removal ? call.result : call.argument;
  if (value == kNoValue || value == kNil || at_start_.contains(value)) {
    return kNoValue;
  }
  return kind_ == Kind::kQueue && MeansEmpty(values_, value) ? kNoValue : value;
}

std::span<const ValueId> ValueProjection::ShownBy(const Call& call) {
  if (kind_ != Kind::kSet || !call.is_ok || !IsNamed(call, "read") ||
      !IsCollection(values_, call.result)) {
    return {};
  }
  return values_.elements(call.result);
}

std::vector<ValueId> ValueProjection::Droppable(std::span<const Call> calls) {
  Values met = {kNoValue};
  for (const Call& call : calls) {
    if (budget_.Exhausted()) return {};
    const auto shown = ShownBy(call);
    met.insert(shown.begin(), shown.end());
  }
  std::vector<ValueId> droppable;
  for (const Call& call : calls) {
    if (budget_.Exhausted()) break;
    const ValueId value = ValueOf(call);
    if (met.insert(value).second) droppable.push_back(value);
  }
  return droppable;
}

std::vector<bool> ValueProjection::StayWithout(const Values& dropped,
                                               std::span<const Call> calls) {
  std::vector<bool> stay(calls.size(), true);
  size_t elements = elements_at_start_;
  for (size_t i = 0; i < calls.size() && !budget_.Exhausted(); ++i) {
    stay[i] = !dropped.contains(ValueOf(calls[i]));
    if (stay[i] && !IsRemoval(calls[i])) ++elements;
  }
  for (size_t i = 0; i < calls.size(); ++i) {
    const bool may_take_any =
        kind_ == Kind::kQueue && !calls[i].is_ok && IsRemoval(calls[i]);
    if (!may_take_any) continue;
    stay[i] = elements > 0;
    if (elements > 0) --elements;
  }
  return stay;
}

}  // namespace minos::checker
