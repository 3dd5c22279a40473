#include "checker/models/model_base.h"

#include "absl/strings/str_format.h"
#include "history/value_text.h"

namespace minos::checker {

using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

namespace {

constexpr size_t kTextLength = 60;
constexpr size_t kShownAtEachEnd = 6;

// "a", "a or b", "a, b or c".
std::string JoinWithOr(const std::vector<std::string>& names) {
  std::string joined;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) joined += i + 1 == names.size() ? " or " : ", ";
    joined += names[i];
  }
  return joined;
}

}  // namespace

std::string_view MainName(const FunctionInfo& function) {
  return function.name.substr(0, function.name.find(','));
}

bool HasName(const FunctionInfo& function, std::string_view name) {
  std::string_view rest = function.name;
  while (true) {
    const size_t comma = rest.find(", ");
    if (rest.substr(0, comma) == name) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 2);
  }
}

absl::StatusOr<ActionId> ModelBase::Intern(const Call& call) {
  const absl::StatusOr<uint8_t> function = FindFunction(call.function);
  if (!function.ok()) return function.status();
  Action action;
  action.function = *function;
  action.argument = call.argument == kNoValue ? kNil : call.argument;
  if (call.is_ok) action.result = call.result == kNoValue ? kNil : call.result;
  if (HasOwners()) action.owner = call.session;
  absl::Status status = Normalize(action);
  if (!status.ok()) return status;
  const auto [entry, is_new] =
      ids_.try_emplace(action, static_cast<ActionId>(actions_.size()));
  const ActionId id = entry->second;
  if (is_new) {
    actions_.push_back(action);
    is_ok_.push_back(false);
    OnNewAction(id, action);
  }
  if (call.is_ok) is_ok_[id] = true;
  return id;
}

absl::StatusOr<uint8_t> ModelBase::FindFunction(ValueId function) {
  for (const auto& [known, index] : known_) {
    if (known == function) return index;
  }
  // A transaction may come without a function, as in Elle's recordings.
  std::string_view name = "txn";
  if (function != kNoValue) {
    if (values_.kind(function) != ValueKind::kString) {
      return NoSuchFunction(function);
    }
    name = values_.text(function);
  }
  for (size_t i = 0; i < functions_.size(); ++i) {
    if (!HasName(functions_[i], name)) continue;
    known_.emplace_back(function, static_cast<uint8_t>(i));
    return static_cast<uint8_t>(i);
  }
  return NoSuchFunction(function);
}

absl::Status ModelBase::NoSuchFunction(ValueId function) const {
  std::vector<std::string> own;
  for (const FunctionInfo& info : functions_) {
    own.emplace_back(MainName(info));
  }
  std::string own_names;
  for (const std::string& name : own) {
    if (!own_names.empty()) own_names += ", ";
    own_names += name;
  }
  if (function == kNoValue) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the operation names no function (`f`); the %s has %s",
                        std::string(name_), own_names));
  }
  std::vector<std::string> others;
  if (values_.kind(function) == ValueKind::kString) {
    for (const ModelInfo& model : AllModels()) {
      for (const FunctionInfo& info : model.functions) {
        if (!HasName(info, values_.text(function))) continue;
        others.emplace_back(model.name);
        break;
      }
    }
  }
  std::string message = absl::StrFormat(
      "the %s has no function `%s` (it has %s)", std::string(name_),
      values_.kind(function) == ValueKind::kString
          ? std::string(values_.text(function))
          : Text(function),
      own_names);
  message += others.empty()
                 ? "; see `minos list models`"
                 : "; pass --model " + JoinWithOr(others) + ", which has it";
  return absl::InvalidArgumentError(message);
}

std::string ModelBase::Text(ValueId value) const {
  return history::ToShortText(values_, value, kTextLength);
}

std::string ModelBase::TextOf(std::span<const ValueId> elements,
                              std::string_view brackets) const {
  std::string text(1, brackets.front());
  for (size_t i = 0; i < elements.size(); ++i) {
    if (elements.size() > 2 * kShownAtEachEnd && i == kShownAtEachEnd) {
      const size_t left_out = elements.size() - 2 * kShownAtEachEnd;
      text += absl::StrFormat(" (%d more)", left_out);
      i += left_out;
    }
    if (i > 0) text += ' ';
    text += Text(elements[i]);
  }
  return text + brackets.back();
}

absl::Status ModelBase::IllFormed(const Action& action, std::string_view verb,
                                  std::string_view expected,
                                  ValueId value) const {
  return absl::InvalidArgumentError(
      absl::StrFormat("the %s's `%s` %s %s, not %s", std::string(name_),
                      std::string(MainName(functions_[action.function])),
                      std::string(verb), std::string(expected), Text(value)));
}

bool ModelBase::IsList(ValueId value) const {
  return values_.kind(value) == ValueKind::kList;
}

bool ModelBase::IsListOf(ValueId value, size_t size) const {
  return IsList(value) && values_.elements(value).size() == size;
}

bool ModelBase::IsCollection(ValueId value) const {
  return IsList(value) || values_.kind(value) == ValueKind::kSet;
}

std::span<const ValueId> ModelBase::ElementsOf(ValueId collection) const {
  if (collection == history::kNil) return {};
  return values_.elements(collection);
}

bool ModelBase::IsInteger(ValueId value) const {
  return values_.kind(value) == ValueKind::kInteger;
}

bool ModelBase::IsString(ValueId value) const {
  return values_.kind(value) == ValueKind::kString;
}

absl::StatusOr<std::span<const ValueId>> InitialElements(
    const history::ValueTable& values, ValueId initial,
    std::string_view expected, bool may_be_set) {
  if (initial == history::kNoValue || initial == history::kNil) {
    return std::span<const ValueId>();
  }
  const ValueKind kind = values.kind(initial);
  if (kind != ValueKind::kList && !(may_be_set && kind == ValueKind::kSet)) {
    return absl::InvalidArgumentError(std::string(expected));
  }
  return values.elements(initial);
}

size_t ModelBase::MemoryBytes() const {
  return StateBytes() + actions_.capacity() * sizeof(Action) +
         ids_.capacity() * (sizeof(std::pair<Action, ActionId>) + 1);
}

}  // namespace minos::checker
