#include "generators/shrink_sample.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace minos::generators {
namespace {

using targets::kMillisecond;
using targets::Random;

constexpr size_t kCostOfFault = 3;
// Operations follow each other within so many milliseconds, and faults begin at
// most so long before and after one.
constexpr int64_t kGap = 20;
constexpr Nanoseconds kBefore = 5 * kMillisecond;
constexpr Nanoseconds kAfter = 15 * kMillisecond;
// By then a store has started.
constexpr Nanoseconds kStart = 200 * kMillisecond;
// Beyond half of its messages a network is rather cut than lossy.
constexpr int64_t kMostParts = 500'000;

bool IsHeads(Random& random) { return random.Chance(500'000); }

// The place of an operation, and when it is issued.
struct Place {
  Nanoseconds at;
  size_t client;
  size_t index;
};

std::vector<Place> PlacesOf(const Recipe& recipe) {
  std::vector<Place> places;
  for (size_t client = 0; client < recipe.clients.size(); ++client) {
    const auto& operations = recipe.clients[client].operations;
    for (size_t i = 0; i < operations.size(); ++i) {
      places.push_back({operations[i].not_before, client, i});
    }
  }
  return places;
}

// Leaves `count` operations: such as follow each other, or any.
void KeepOperations(size_t count, Random& random, Recipe& recipe) {
  std::vector<Place> places = PlacesOf(recipe);
  const size_t begin = random.Below(places.size() - count + 1);
  if (IsHeads(random)) {
    std::stable_sort(
        places.begin(), places.end(),
        [](const Place& a, const Place& b) { return a.at < b.at; });
  } else {
    random.Shuffle(places);
  }
  std::vector<std::vector<bool>> is_kept;
  for (const ClientPlan& client : recipe.clients) {
    is_kept.emplace_back(client.operations.size(), false);
  }
  for (size_t i = begin; i < begin + count; ++i) {
    is_kept[places[i].client][places[i].index] = true;
  }
  for (size_t client = 0; client < recipe.clients.size(); ++client) {
    std::vector<PlannedOperation> kept;
    for (size_t i = 0; i < is_kept[client].size(); ++i) {
      if (!is_kept[client][i]) continue;
      kept.push_back(recipe.clients[client].operations[i]);
    }
    recipe.clients[client].operations = std::move(kept);
  }
}

// Each client begins at about the same time, often when the store has just
// started, and goes on soon.
void BringTogether(Random& random, Recipe& recipe) {
  Nanoseconds first = INT64_MAX;
  for (const Place& place : PlacesOf(recipe)) {
    first = std::min(first, place.at);
  }
  if (IsHeads(random)) first = random.Between(0, kStart);
  for (ClientPlan& client : recipe.clients) {
    Nanoseconds at = first;
    for (PlannedOperation& planned : client.operations) {
      at += random.Between(0, kGap) * kMillisecond;
      planned.not_before = at;
    }
  }
}

void AskAnybody(Random& random, Recipe& recipe) {
  for (ClientPlan& client : recipe.clients) {
    for (PlannedOperation& planned : client.operations) {
      planned.node = static_cast<NodeId>(
          random.Below(static_cast<uint64_t>(recipe.nodes)));
    }
  }
}

// Some of the nodes, at least one.
std::vector<NodeId> SomeNodes(int count, Random& random) {
  std::vector<NodeId> nodes;
  for (NodeId node = 0; node < count; ++node) {
    if (IsHeads(random)) nodes.push_back(node);
  }
  const NodeId lucky =
      static_cast<NodeId>(random.Below(static_cast<uint64_t>(count)));
  if (nodes.empty()) nodes.push_back(lucky);
  return nodes;
}

// Whom a fault strikes, or how hard.
void ChangeStrength(int nodes, Random& random, PlannedFault& fault) {
  constexpr auto kShapes = static_cast<uint64_t>(PartitionShape::kOneWay) + 1;
  switch (fault.kind) {
    case FaultKind::kPartition:
      fault.shape = static_cast<PartitionShape>(random.Below(kShapes));
      random.Shuffle(fault.nodes);
      return;
    case FaultKind::kCrash:
    case FaultKind::kPause:
    case FaultKind::kClock:
      fault.nodes = SomeNodes(nodes, random);
      return;
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
      fault.amount = std::min(
          kMostParts, random.Between(fault.amount / 2, 2 * fault.amount));
      return;
    case FaultKind::kDelay:
      fault.amount = random.Between(fault.amount / 2, 2 * fault.amount);
      return;
    case FaultKind::kReorder:
      return;
  }
}

void ChangeFault(const std::vector<Place>& places, int nodes, Random& random,
                 PlannedFault& fault) {
  if (random.Chance(250'000)) return;
  const Nanoseconds near = places[random.Below(places.size())].at;
  if (IsHeads(random)) {
    fault.start =
        std::max<Nanoseconds>(0, near + random.Between(-kBefore, kAfter));
  } else if (IsHeads(random)) {
    fault.start = random.Between(0, near);
  }
  if (IsHeads(random)) {
    // From a millisecond to half a second, all magnitudes alike.
    fault.duration = random.Between(1, kMillisecond << random.Below(10));
  }
  if (IsHeads(random)) ChangeStrength(nodes, random, fault);
}

// At most `most` of `faults`, changed.
void DrawFaults(std::vector<PlannedFault> faults, size_t most, Random& random,
                Recipe& recipe) {
  random.Shuffle(faults);
  faults.resize(random.Below(std::min(most, faults.size()) + 1));
  const std::vector<Place> places = PlacesOf(recipe);
  for (PlannedFault& fault : faults) {
    // A link without both its ends is no link, and does nothing.
    if (fault.kind != FaultKind::kDelay) {
      std::erase_if(fault.nodes,
                    [&](NodeId node) { return node >= recipe.nodes; });
    }
    ChangeFault(places, recipe.nodes, random, fault);
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const PlannedFault& a, const PlannedFault& b) {
                     return a.start < b.start;
                   });
  recipe.faults = std::move(faults);
}

}  // namespace

size_t CostOf(const Recipe& recipe) {
  return CountOperations(recipe) + kCostOfFault * recipe.faults.size();
}

Recipe SampleRecipe(const targets::TargetInfo& target, const Recipe& origin,
                    const Recipe& best, Random random) {
  Recipe sample = best;
  if (IsHeads(random)) sample.clients = origin.clients;
  if (random.Chance(300'000)) {
    sample.nodes =
        static_cast<int>(random.Between(target.min_nodes, best.nodes));
  }
  const size_t most = std::min(CountOperations(sample), CountOperations(best));
  KeepOperations(1 + random.Below(most), random, sample);
  if (IsHeads(random)) BringTogether(random, sample);
  if (random.Chance(250'000)) AskAnybody(random, sample);
  DrawFaults(IsHeads(random) ? best.faults : origin.faults, best.faults.size(),
             random, sample);
  if (random.Chance(750'000)) sample.seed = random.Next();
  return sample;
}

}  // namespace minos::generators
