#include "targets/settings.h"

#include <cassert>
#include <charconv>
#include <optional>

#include "absl/strings/str_cat.h"
#include "history/nearest_name.h"

namespace minos::targets {
namespace {

std::optional<int64_t> ParseValue(const ParameterInfo& info,
                                  std::string_view text) {
  for (size_t i = 0; i < info.choices.size(); ++i) {
    if (info.choices[i] == text) return static_cast<int64_t>(i);
  }
  if (!info.choices.empty()) return std::nullopt;
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  if (value < info.minimum || value > info.maximum) return std::nullopt;
  return value;
}

std::string Allowed(const ParameterInfo& info) {
  if (info.choices.empty()) {
    return absl::StrCat("an integer from ", info.minimum, " to ", info.maximum);
  }
  std::string out;
  for (std::string_view choice : info.choices) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", std::string(choice));
  }
  return absl::StrCat("one of ", out);
}

template <typename Entries>
absl::Status Unknown(std::string_view what, std::string_view name,
                     const Entries& entries) {
  std::vector<std::string_view> known;
  std::string list;
  for (const auto& entry : entries) {
    known.push_back(entry.info->name);
    absl::StrAppend(&list, list.empty() ? "" : ", ",
                    std::string(entry.info->name));
  }
  const std::string missing = absl::StrCat("there is no ", std::string(what),
                                           " `", std::string(name), "`; ");
  if (known.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(missing, "this target has none"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      missing, "did you mean `", std::string(history::NearestName(name, known)),
      "`? This target has ", list));
}

}  // namespace

std::string ValueText(const ParameterInfo& parameter, int64_t value) {
  if (parameter.choices.empty()) return absl::StrCat(value);
  return std::string(parameter.choices[static_cast<size_t>(value)]);
}

Settings::Settings(const std::vector<ParameterInfo>& parameters,
                   const std::vector<BugInfo>& bugs) {
  for (const ParameterInfo& info : parameters) {
    entries_.push_back({&info, info.default_value});
  }
  for (const BugInfo& info : bugs) bugs_.push_back({&info, false});
}

absl::Status Settings::Set(std::string_view name, std::string_view text) {
  for (Entry& entry : entries_) {
    if (entry.info->name != name) continue;
    const std::optional<int64_t> value = ParseValue(*entry.info, text);
    if (!value.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the parameter `", std::string(name), "` takes ",
          Allowed(*entry.info), ", not `", std::string(text), "`"));
    }
    entry.value = *value;
    return absl::OkStatus();
  }
  return Unknown("parameter", name, entries_);
}

absl::Status Settings::Plant(std::string_view name) {
  for (Switch& bug : bugs_) {
    if (bug.info->name != name) continue;
    bug.on = true;
    return absl::OkStatus();
  }
  return Unknown("bug", name, bugs_);
}

int64_t Settings::Get(std::string_view name) const {
  for (const Entry& entry : entries_) {
    if (entry.info->name == name) return entry.value;
  }
  assert(false && "a store asked for a parameter that it does not declare");
  return 0;
}

bool Settings::HasBug(std::string_view name) const {
  for (const Switch& bug : bugs_) {
    if (bug.info->name == name) return bug.on;
  }
  assert(false && "a store asked for a bug that it does not declare");
  return false;
}

}  // namespace minos::targets
