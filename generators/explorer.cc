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
// How runs grow.
constexpr int64_t kFewestOperations = 40;
constexpr int64_t kMoreEachRun = 10;
constexpr int64_t kMostOperations = 200;

}  // namespace

int64_t OperationsOfRun(size_t number) {
  constexpr auto kRunsThatGrow =
      static_cast<size_t>((kMostOperations - kFewestOperations) / kMoreEachRun);
  if (number >= kRunsThatGrow) return kMostOperations;
  return kFewestOperations + kMoreEachRun * static_cast<int64_t>(number);
}

Explorer::Explorer(const targets::TargetInfo& target,
                   const SwarmOptions& options, uint64_t seed, size_t first)
    : target_(target), options_(options), seed_(seed), number_(first) {}

absl::StatusOr<Recipe> Explorer::Next() {
  const uint64_t seed = seed_++;
  const size_t number = number_++;
  if (corpus_.empty()) return Draw(seed, number);
  Random random = Random(seed).Split(kMutationStream);
  if (!random.Chance(kMutatedParts)) return Draw(seed, number);
  const Recipe& parent = corpus_[random.Below(corpus_.size())];
  const Recipe& other = corpus_[random.Below(corpus_.size())];
  return Mutate(parent, other, random);
}

bool Explorer::Learn(const Recipe& recipe, const targets::Coverage& coverage) {
  const bool is_new = learns() && reached_.Merge(coverage);
  if (is_new) corpus_.push_back(recipe);
  return is_new;
}

absl::StatusOr<Recipe> Explorer::Draw(uint64_t seed, size_t number) const {
  SwarmOptions options = options_;
  if (options.draws_operations) {
    options.base.load.operations = OperationsOfRun(number);
    options.draws_operations = false;
  }
  if (options.schedule == Schedule::kDirected) {
    return DrawDirected(target_, options, seed);
  }
  options.base.seed = seed;
  if (options.schedule == Schedule::kPlain) {
    return MakeRecipe(target_, options.base);
  }
  auto run = DrawRun(target_, options, seed);
  if (!run.ok()) return run.status();
  return MakeRecipe(target_, *run);
}

}  // namespace minos::generators
