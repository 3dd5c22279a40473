#include "generators/explorer.h"

#include "generators/directed.h"
#include "generators/mutation.h"
#include "targets/random.h"

namespace minos::generators {
namespace {

using targets::Random;

// The label of the stream of luck.
constexpr uint64_t kMutationStream = 301;
// So many directed runs in a million are mutations.
constexpr int64_t kMutatedParts = 100'000;

}  // namespace

Explorer::Explorer(const targets::TargetInfo& target,
                   const SwarmOptions& options, uint64_t seed)
    : target_(target), options_(options), seed_(seed) {}

absl::StatusOr<Recipe> Explorer::Next() {
  const uint64_t seed = seed_++;
  if (corpus_.empty()) return Draw(seed);
  Random random = Random(seed).Split(kMutationStream);
  if (!random.Chance(kMutatedParts)) return Draw(seed);
  const Recipe& parent = corpus_[random.Below(corpus_.size())];
  const Recipe& other = corpus_[random.Below(corpus_.size())];
  return Mutate(parent, other, random);
}

bool Explorer::Learn(const Recipe& recipe, const targets::Coverage& coverage) {
  const bool is_new = learns() && reached_.Merge(coverage);
  if (is_new) corpus_.push_back(recipe);
  return is_new;
}

absl::StatusOr<Recipe> Explorer::Draw(uint64_t seed) const {
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
