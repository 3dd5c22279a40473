// Durations, sizes and choices, as flags take them.

#ifndef MINOS_CLI_QUANTITIES_H_
#define MINOS_CLI_QUANTITIES_H_

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace minos::cli {

// "250ms", "30s", "1.5m", "2h". A number without a unit is refused, since
// nobody can tell what was meant.
absl::StatusOr<std::chrono::nanoseconds> ParseDuration(std::string_view text);

// "200MiB", "2GiB", "1.5GB", "64KiB", "1000000" (bytes).
absl::StatusOr<size_t> ParseByteSize(std::string_view text);

// "a,b,c" as its parts; InvalidArgument if one is empty.
absl::StatusOr<std::vector<std::string>> ParseList(std::string_view text);

// An InvalidArgument that says that there is no `what` called `name`, and which
// of `known` comes nearest: "there is no model `regster`; did you mean
// `register`?"
absl::Status UnknownName(std::string_view what, std::string_view name,
                         std::span<const std::string_view> known);

// For CLI11: an empty value is a variable that nobody set, not a choice.
std::string RefuseEmpty(const std::string& value);

// OK if `name` is one of `known`, else UnknownName.
absl::Status CheckName(std::string_view what, std::string_view name,
                       const std::vector<std::string_view>& known);

}  // namespace minos::cli

#endif  // MINOS_CLI_QUANTITIES_H_
