#include "checker/function_roles.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace minos::checker {

using history::kNoValue;
using history::ToInt;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

namespace {

struct NamedRole {
  std::string_view names;  // separated by commas, the main one first
  FunctionRole role;
};

constexpr NamedRole kRegisterRoles[] = {
    {"read, r, get", FunctionRole::kRead},
    {"write, w, put, set", FunctionRole::kWrite},
    {"cas, compare-and-set, compare-and-swap", FunctionRole::kCompareAndSet},
    {"delete, del, remove", FunctionRole::kDelete},
};
constexpr NamedRole kListRoles[] = {
    {"read, r, get", FunctionRole::kRead},
    {"append", FunctionRole::kAdd},
};
constexpr NamedRole kSetRoles[] = {
    {"read, r, get", FunctionRole::kRead},
    {"add, insert", FunctionRole::kAdd},
    {"remove, delete", FunctionRole::kRemove},
    {"contains, member, has", FunctionRole::kAsk},
};
constexpr NamedRole kCounterRoles[] = {
    {"read, r, get", FunctionRole::kRead},
    {"add, increment, inc, incr", FunctionRole::kAdd},
    {"decrement, dec, decr", FunctionRole::kSubtract},
    {"add-and-get, add-and-read, increment-and-get, inc-and-get, incr-and-get",
     FunctionRole::kAddAndGet},
    {"decrement-and-get, dec-and-get, decr-and-get",
     FunctionRole::kSubtractAndGet},
};

std::span<const NamedRole> RolesOf(Observation observation) {
  switch (observation) {
    case Observation::kRegister:
      return kRegisterRoles;
    case Observation::kList:
      return kListRoles;
    case Observation::kSet:
      return kSetRoles;
    case Observation::kCounter:
      return kCounterRoles;
  }
  return kRegisterRoles;
}

bool AreNames(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const size_t comma = std::min(names.find(", "), names.size());
    if (names.substr(0, comma) == name) return true;
    names.remove_prefix(std::min(comma + 2, names.size()));
  }
  return false;
}

}  // namespace

FunctionRoles::FunctionRoles(const ValueTable& values, Observation observation)
    : values_(values), observation_(observation) {}

FunctionRole FunctionRoles::Find(ValueId function) {
  if (function == kNoValue) return FunctionRole::kUnsupported;
  if (ToInt(function) >= known_.size()) known_.resize(ToInt(function) + 1);
  std::optional<FunctionRole>& role = known_[ToInt(function)];
  if (!role) role = Resolve(function);
  return *role;
}

FunctionRole FunctionRoles::Resolve(ValueId function) const {
  if (values_.kind(function) != ValueKind::kString) {
    return FunctionRole::kUnsupported;
  }
  for (const NamedRole& entry : RolesOf(observation_)) {
    if (AreNames(entry.names, values_.text(function))) return entry.role;
  }
  return FunctionRole::kUnsupported;
}

std::string FunctionRoles::Names() const {
  std::string names;
  for (const NamedRole& entry : RolesOf(observation_)) {
    absl::StrAppend(&names, names.empty() ? "" : ", ",
                    std::string(entry.names.substr(0, entry.names.find(','))));
  }
  return names;
}

}  // namespace minos::checker
