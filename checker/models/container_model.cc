#include "checker/models/container_model.h"

#include "checker/emptiness.h"

namespace minos::checker {

using history::kNil;
using history::kNoValue;
using history::ValueId;

ContainerModel::ContainerModel(const history::ValueTable& values,
                               std::string_view name,
                               std::span<const FunctionInfo> functions,
                               Words words, std::span<const ValueId> initial)
    : ModelBase(values, name, functions), words_(words) {
  put_.insert(initial.begin(), initial.end());
}

bool ContainerModel::IsReadOnly(ActionId id) const {
  return action(id).result == kNil;
}

bool ContainerModel::IsUnobservable(ActionId id) const {
  const Action& a = action(id);
  return a.function == kPut && !taken_.contains(a.argument);
}

bool ContainerModel::IsImpossible(ActionId id) const {
  const Action& a = action(id);
  return a.function == kTake && a.result != kNoValue && a.result != kNil &&
         !put_.contains(a.result);
}

std::string ContainerModel::DescribeRefusal(StateId state, ActionId id) const {
  const ValueId taken = action(id).result;
  const std::string object(words_.object);
  const std::string took(words_.took);
  const std::string did = taken == kNil       ? "found the " + object + " empty"
                          : taken == kNoValue ? took + " an element"
                                              : took + " " + Text(taken);
  return "it " + did + ", but " + DescribeState(state);
}

absl::Status ContainerModel::Normalize(Action& a) {
  if (a.function == kTake) {
    a.argument = kNil;
    if (a.result != kNoValue && MeansEmpty(values(), a.result)) a.result = kNil;
    return absl::OkStatus();
  }
  if (MeansEmpty(values(), a.argument)) {
    const std::string take(MainName(functions()[kTake]));
    return BadArgument(a, "an element (a " + take +
                              " of nil, \"empty\" or \"exhausted\" means that "
                              "there was none)");
  }
  a.result = kNoValue;
  return absl::OkStatus();
}

void ContainerModel::OnNewAction(ActionId, const Action& a) {
  if (a.function == kPut) {
    put_.insert(a.argument);
  } else if (a.result == kNil) {
    was_seen_empty_ = true;
  } else if (a.result != kNoValue) {
    taken_.insert(a.result);
  }
}

size_t ContainerModel::ElementBytes() const {
  return (put_.capacity() + taken_.capacity()) * (sizeof(ValueId) + 1);
}

}  // namespace minos::checker
