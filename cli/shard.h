// A part of a campaign that is spread over several processes or machines.

#ifndef MINOS_CLI_SHARD_H_
#define MINOS_CLI_SHARD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace minos::cli {

struct Shard {
  size_t index = 0;  // 0 … count-1
  size_t count = 1;

  // Whether the work with this number is this shard's.
  bool Has(size_t number) const { return number % count == index; }
  bool is_whole() const { return count == 1; }
};

// "2/4" is the second of four. InvalidArgument, in words for the user, for
// anything else.
absl::StatusOr<Shard> ParseShard(std::string_view text);

// OK if these are all the shards of one count, each once. InvalidArgument, in
// words for the user, if one is missing or comes twice.
absl::Status CheckComplete(const std::vector<Shard>& shards);

// As ParseShard takes it.
std::string ShardText(const Shard& shard);

}  // namespace minos::cli

#endif  // MINOS_CLI_SHARD_H_
