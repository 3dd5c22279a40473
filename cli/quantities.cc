#include "cli/quantities.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "history/nearest_name.h"

namespace minos::cli {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kDurationUnits[] = {
    {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9},
};

constexpr Unit kSizeUnits[] = {
    {"", 1},         {"B", 1},        {"kB", 1e3},     {"KB", 1e3},
    {"MB", 1e6},     {"GB", 1e9},     {"TB", 1e12},    {"KiB", 0x1p10},
    {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40},
};

// The number in front of `text`, times the unit behind it. Nothing if there is
// no number, no such unit, or the product is no longer exact.
std::optional<double> ParseQuantity(std::string_view text,
                                    std::span<const Unit> units) {
  size_t end = 0;
  while (end < text.size() &&
         ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) {
    ++end;
  }
  double number = 0;
  if (!absl::SimpleAtod(std::string(text.substr(0, end)), &number)) {
    return std::nullopt;
  }
  for (const Unit& unit : units) {
    if (unit.name != text.substr(end)) continue;
    const double product = number * unit.factor;
    if (product < 0x1p53) return product;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  const std::optional<double> nanoseconds = ParseQuantity(text, kDurationUnits);
  if (!nanoseconds) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", std::string(text),
                     "` is not a duration; write a number and its unit (ms, "
                     "s, m, h), as in 30s"));
  }
  return std::chrono::nanoseconds(std::llround(*nanoseconds));
}

absl::StatusOr<size_t> ParseByteSize(std::string_view text) {
  const std::optional<double> bytes = ParseQuantity(text, kSizeUnits);
  if (!bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", std::string(text),
                     "` is not a size; write a number and its unit (KiB, "
                     "MiB, GiB, kB, MB, GB; none for bytes), as in 2GiB"));
  }
  return static_cast<size_t>(std::llround(*bytes));
}

absl::StatusOr<std::vector<std::string>> ParseList(std::string_view text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (end == begin) {
      return absl::InvalidArgumentError(
          absl::StrCat("`", std::string(text),
                       "` has an empty part; write names with one comma "
                       "between them, as in a,b,c"));
    }
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

absl::Status UnknownName(std::string_view what, std::string_view name,
                         std::span<const std::string_view> known) {
  return absl::InvalidArgumentError(
      absl::StrCat("there is no ", std::string(what), " `", std::string(name),
                   "`; did you mean `",
                   std::string(history::NearestName(name, known)), "`?"));
}

std::string RefuseEmpty(const std::string& value) {
  return value.empty() ? "needs a value, but was given an empty one" : "";
}

absl::Status CheckName(std::string_view what, std::string_view name,
                       const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    return absl::OkStatus();
  }
  return UnknownName(what, name, known);
}

}  // namespace minos::cli
