#include "generators/explorer.h"

#include "generators/directed.h"

namespace minos::generators {

Explorer::Explorer(const targets::TargetInfo& target,
                   const SwarmOptions& options, uint64_t seed)
    : target_(target), options_(options), seed_(seed) {}

absl::StatusOr<Recipe> Explorer::Next() {
  const uint64_t seed = seed_++;
  if (options_.schedule == Schedule::kDirected) {
    return DrawDirected(target_, options_, seed);
  }
  RunOptions plain = options_.base;
  plain.seed = seed;
  if (options_.schedule == Schedule::kPlain) return MakeRecipe(target_, plain);
  auto run = DrawRun(target_, options_, seed);
  if (!run.ok()) return run.status();
  return MakeRecipe(target_, *run);
}

}  // namespace minos::generators
