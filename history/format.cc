#include "history/format.h"

#include <array>
#include <utility>

namespace minos::history {
namespace {

constexpr std::array<std::pair<Format, std::string_view>, 5> kNames = {
    {{Format::kJsonLines, "jsonl"},
     {Format::kJson, "json"},
     {Format::kEdn, "edn"},
     {Format::kJepsenLog, "jepsen-log"},
     {Format::kHistoryTxt, "history-txt"}}};

}  // namespace

std::string_view ToString(Format format) {
  for (const auto& [known, name] : kNames) {
    if (known == format) return name;
  }
  return "";
}

std::optional<Format> FormatFromName(std::string_view name) {
  for (const auto& [format, known] : kNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

}  // namespace minos::history
