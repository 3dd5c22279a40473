#include "cli/shard.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace minos::cli {

absl::StatusOr<Shard> ParseShard(std::string_view text) {
  constexpr int kMost = 100'000;
  const size_t slash = text.find('/');
  int index = 0;
  int count = 0;
  const bool is_shard =
      slash != std::string_view::npos &&
      absl::SimpleAtoi(std::string(text.substr(0, slash)), &index) &&
      absl::SimpleAtoi(std::string(text.substr(slash + 1)), &count) &&
      index >= 1 && index <= count && count <= kMost;
  if (!is_shard) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--shard takes K/N, from 1/N to N/N, not `", std::string(text), "`"));
  }
  return Shard{static_cast<size_t>(index - 1), static_cast<size_t>(count)};
}

absl::Status CheckComplete(const std::vector<Shard>& shards) {
  if (shards.empty()) return absl::InvalidArgumentError("there is no shard");
  const size_t count = shards.front().count;
  std::vector<bool> seen(count, false);
  for (const Shard& shard : shards) {
    if (shard.count != count) {
      return absl::InvalidArgumentError(
          absl::StrCat("shard ", ShardText(shard), " and shard ",
                       ShardText(shards.front()), " do not belong together"));
    }
    if (seen[shard.index]) {
      return absl::InvalidArgumentError(
          absl::StrCat("shard ", ShardText(shard), " comes twice"));
    }
    seen[shard.index] = true;
  }
  for (size_t index = 0; index < count; ++index) {
    if (seen[index]) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("shard ", ShardText({index, count}), " is missing"));
  }
  return absl::OkStatus();
}

std::string ShardText(const Shard& shard) {
  return absl::StrCat(shard.index + 1, "/", shard.count);
}

}  // namespace minos::cli
