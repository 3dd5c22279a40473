#include "generators/shrink.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "generators/run.h"
#include "generators/shrink_sample.h"
#include "targets/random.h"

namespace minos::generators {
namespace {

using targets::kMillisecond;
using targets::kNilValue;

// With so many other seeds a smaller recipe is tried, when fewer do no more.
constexpr int kOtherSeeds[] = {0, 10, 100};
// So many seeds are tried to make luck hang on the time.
constexpr int kSeedsToPinLuck = 100;
// Leaps before none is hoped for: so many times the cube of the cost; a fifth,
// and at most so many, as long as steps may lead on.
constexpr size_t kPatience = 40;
constexpr size_t kPatienceAtFirst = 20'000;

// The place of an operation.
struct Place {
  size_t client;
  size_t index;
};

std::vector<Place> PlacesOf(const Recipe& recipe) {
  std::vector<Place> places;
  for (size_t client = 0; client < recipe.clients.size(); ++client) {
    const size_t count = recipe.clients[client].operations.size();
    for (size_t i = 0; i < count; ++i) places.push_back({client, i});
  }
  return places;
}

// The recipe without the operations `begin` … `end - 1` of PlacesOf.
Recipe WithoutOperations(const Recipe& recipe, size_t begin, size_t end) {
  Recipe smaller = recipe;
  size_t number = 0;
  for (ClientPlan& client : smaller.clients) {
    std::vector<PlannedOperation> kept;
    for (const PlannedOperation& planned : client.operations) {
      if (number < begin || number >= end) kept.push_back(planned);
      ++number;
    }
    client.operations = std::move(kept);
  }
  return smaller;
}

template <typename T>
void EraseRange(std::vector<T>& items, size_t begin, size_t end) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin),
              items.begin() + static_cast<std::ptrdiff_t>(end));
}

Nanoseconds HalfOf(Nanoseconds time) {
  return time / 2 / kMillisecond * kMillisecond;
}

Nanoseconds RoundedUp(Nanoseconds time) {
  return (time + kMillisecond - 1) / kMillisecond * kMillisecond;
}

class Shrinker {
 public:
  Shrinker(const targets::TargetInfo& target, Recipe recipe,
           const std::function<bool(const Recipe&)>& fails,
           const ShrinkLimits& limits)
      : target_(target),
        best_(std::move(recipe)),
        fails_(fails),
        limits_(limits) {}

  Shrunk Run() && {
    PinTimes();
    PinLuck();
    origin_ = best_;
    // Coarse steps with the luck as it is, then all steps with other luck too.
    for (int seeds : kOtherSeeds) {
      Descend(seeds);
      while (Leap()) Descend(seeds);
    }
    return {std::move(best_), tries_, !is_over_};
  }

 private:
  // Sweeps, each step with so many other seeds, until nothing changes.
  void Descend(int seeds) {
    other_seeds_ = seeds;
    bool has_changed = true;
    while (has_changed && !is_over_) {
      const Recipe before = best_;
      Sweep();
      has_changed = !(best_ == before);
    }
  }

  void Sweep() {
    DropFinalKeys();
    DropClients();
    DropFaults();
    DropOperations();
    DropNodes();
    DropParameters();
    MergeKeys();
    SimplifyFaults();
    SimplifyNetwork();
    SimplifyValues();
    SimplifyTimes();
  }

  bool IsOver() {
    is_over_ = is_over_ || tries_ >= limits_.tries ||
               (limits_.should_stop && limits_.should_stop());
    return is_over_;
  }

  bool Fails(const Recipe& candidate) {
    if (IsOver()) return false;
    ++tries_;
    return fails_(candidate);
  }

  // Takes `candidate` over if it fails: a step that only makes it plainer.
  bool TryPlainer(Recipe candidate) {
    if (candidate == best_ || !Fails(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  // A step that takes something out is worth other luck.
  bool TrySmaller(Recipe candidate) {
    if (candidate == best_) return false;
    if (TryPlainer(candidate)) return true;
    const targets::Random luck(best_.seed);
    for (int i = 0; i < other_seeds_ && !is_over_; ++i) {
      candidate.seed = luck.Split(static_cast<uint64_t>(i)).Next();
      if (TryPlainer(candidate)) return true;
    }
    return false;
  }

  // Takes out runs of parts, long ones first. `count` says how many parts there
  // are, `without(begin, end)` what is left without some of them.
  template <typename Count, typename Without>
  void DropParts(const Count& count, const Without& without) {
    for (size_t size = count(); size > 0; size /= 2) {
      size_t begin = 0;
      while (begin < count() && !IsOver()) {
        const size_t end = std::min(count(), begin + size);
        if (!TrySmaller(without(begin, end))) begin += size;
      }
    }
  }

  void PinTimes() {
    const auto run = Execute(target_, best_, {});
    if (!run.ok()) return;
    Recipe pinned = best_;
    for (size_t client = 0; client < pinned.clients.size(); ++client) {
      auto& operations = pinned.clients[client].operations;
      const std::vector<Nanoseconds>& issued = run->issued_at[client];
      const size_t count = std::min(operations.size(), issued.size());
      for (size_t i = 0; i < count; ++i) {
        operations[i].think = 0;
        operations[i].not_before = issued[i];
      }
    }
    TryPlainer(std::move(pinned));
  }

  // What a step leaves as it was shall have the luck that it had.
  void PinLuck() {
    Recipe pinned = best_;
    pinned.luck = LuckBy::kTime;
    const targets::Random luck(best_.seed);
    for (int i = 0; i < kSeedsToPinLuck && !is_over_; ++i) {
      if (TryPlainer(pinned)) return;
      pinned.seed = luck.Split(static_cast<uint64_t>(i)).Next();
    }
  }

  // Looks for a smaller recipe far off; the more is left, the longer.
  bool Leap() {
    const size_t cost = CostOf(best_);
    size_t patience = kPatience * cost * cost * cost;
    const bool is_last = other_seeds_ == *std::rbegin(kOtherSeeds);
    if (!is_last) patience = std::min(kPatienceAtFirst, patience / 5);
    if (CountOperations(best_) == 0) return false;
    const targets::Random luck(leaps_.Next());
    for (size_t i = 0; i < patience && !IsOver(); ++i) {
      Recipe sample = SampleRecipe(target_, origin_, best_, luck.Split(i));
      if (CostOf(sample) < cost && TryPlainer(std::move(sample))) return true;
    }
    return false;
  }

  // A client without operations keeps its place, so that the others keep their
  // process ids; in the end the last ones go.
  void DropClients() {
    DropParts([this] { return best_.clients.size(); },
              [this](size_t begin, size_t end) {
                Recipe smaller = best_;
                for (size_t i = begin; i < end; ++i) {
                  smaller.clients[i].operations.clear();
                }
                return smaller;
              });
    Recipe smaller = best_;
    std::erase_if(smaller.clients, [](const ClientPlan& client) {
      return client.operations.empty();
    });
    TrySmaller(std::move(smaller));
  }

  void DropFaults() {
    DropParts([this] { return best_.faults.size(); },
              [this](size_t begin, size_t end) {
                Recipe smaller = best_;
                EraseRange(smaller.faults, begin, end);
                return smaller;
              });
  }

  void DropOperations() {
    DropParts([this] { return CountOperations(best_); },
              [this](size_t begin, size_t end) {
                return WithoutOperations(best_, begin, end);
              });
  }

  void DropNodes() {
    for (int nodes = target_.min_nodes; nodes < best_.nodes; ++nodes) {
      Recipe smaller = best_;
      smaller.nodes = nodes;
      for (PlannedFault& fault : smaller.faults) {
        // A link without both its ends is no link, and does nothing.
        if (fault.kind == FaultKind::kDelay) continue;
        std::erase_if(fault.nodes,
                      [nodes](NodeId node) { return node >= nodes; });
      }
      for (ClientPlan& client : smaller.clients) client.home %= nodes;
      if (TrySmaller(std::move(smaller))) return;
    }
  }

  void DropFinalKeys() {
    DropParts([this] { return best_.final_keys.size(); },
              [this](size_t begin, size_t end) {
                Recipe smaller = best_;
                EraseRange(smaller.final_keys, begin, end);
                return smaller;
              });
    // Only final reads wait until the store has settled. Without the wait a run
    // costs a tenth.
    if (!best_.final_keys.empty()) return;
    Recipe sooner = best_;
    sooner.settle_time = 0;
    TryPlainer(std::move(sooner));
  }

  void DropParameters() {
    DropParts([this] { return best_.parameters.size(); },
              [this](size_t begin, size_t end) {
                Recipe smaller = best_;
                EraseRange(smaller.parameters, begin, end);
                return smaller;
              });
  }

  // All keys as one.
  void MergeKeys() {
    Recipe one = best_;
    for (ClientPlan& client : one.clients) {
      for (PlannedOperation& planned : client.operations) {
        planned.operation.key = 0;
      }
    }
    if (one.final_keys.size() > 1) one.final_keys = {0};
    TrySmaller(std::move(one));
  }

  void SimplifyFaults() {
    for (size_t i = 0; i < best_.faults.size(); ++i) {
      DropFaultNodes(i);
      ChangeFault(i, [](PlannedFault& fault) { fault.rate_parts = 0; });
      ChangeFault(i, [](PlannedFault& fault) { fault.amount /= 2; });
      ChangeFault(i, [](PlannedFault& fault) { fault.duration /= 2; });
      ChangeFault(i, [](PlannedFault& fault) {
        fault.start = RoundedUp(fault.start);
        fault.duration = RoundedUp(fault.duration);
      });
    }
  }

  template <typename Change>
  void ChangeFault(size_t index, const Change& change) {
    Recipe plainer = best_;
    change(plainer.faults[index]);
    TryPlainer(std::move(plainer));
  }

  void DropFaultNodes(size_t index) {
    const FaultKind kind = best_.faults[index].kind;
    // In these the order of the nodes has a meaning.
    const bool is_of_links =
        kind == FaultKind::kPartition || kind == FaultKind::kDelay;
    if (is_of_links) return;
    for (size_t i = best_.faults[index].nodes.size(); i-- > 0;) {
      if (best_.faults[index].nodes.size() <= 1) return;
      Recipe smaller = best_;
      EraseRange(smaller.faults[index].nodes, i, i + 1);
      TryPlainer(std::move(smaller));
    }
  }

  void SimplifyNetwork() {
    Recipe plainer = best_;
    plainer.network = {};
    TryPlainer(plainer);
    // Every message takes as long as every other.
    plainer = best_;
    plainer.network.delay_min = kMillisecond;
    plainer.network.delay_max = kMillisecond;
    TryPlainer(std::move(plainer));
  }

  // The values in use become 1, 2, 3, … in the order of their first mention.
  void SimplifyValues() {
    std::map<int64_t, int64_t> names;
    Recipe plainer = best_;
    for (ClientPlan& client : plainer.clients) {
      for (PlannedOperation& planned : client.operations) {
        int64_t& value = planned.operation.argument;
        if (value == kNilValue) continue;
        const auto next = static_cast<int64_t>(names.size()) + 1;
        value = names.emplace(value, next).first->second;
      }
    }
    TryPlainer(std::move(plainer));
  }

  void SimplifyTimes() {
    CutIdleBeginning();
    HalveTimes();
    PullTogether();
    Recipe plainer = best_;
    for (ClientPlan& client : plainer.clients) {
      for (PlannedOperation& planned : client.operations) {
        planned.think = RoundedUp(planned.think);
        planned.not_before = RoundedUp(planned.not_before);
      }
    }
    TryPlainer(std::move(plainer));
    for (const Place& place : PlacesOf(best_)) {
      Recipe direct = best_;
      direct.clients[place.client].operations[place.index].node =
          targets::kNoNode;
      TryPlainer(std::move(direct));
    }
  }

  // All in half the time.
  void HalveTimes() {
    Recipe faster = best_;
    for (ClientPlan& client : faster.clients) {
      for (PlannedOperation& planned : client.operations) {
        planned.not_before = HalfOf(planned.not_before);
      }
    }
    for (PlannedFault& fault : faster.faults) {
      fault.start = HalfOf(fault.start);
      fault.duration = HalfOf(fault.duration);
    }
    TrySmaller(std::move(faster));
  }

  // An operation at the same time as the first, where it can be.
  void PullTogether() {
    const std::vector<Place> places = PlacesOf(best_);
    for (size_t i = 1; i < places.size(); ++i) {
      const auto [first, at] = places.front();
      Recipe together = best_;
      together.clients[places[i].client]
          .operations[places[i].index]
          .not_before = best_.clients[first].operations[at].not_before;
      TryPlainer(std::move(together));
    }
  }

  // Nothing happens before the first operation or fault: begin there.
  void CutIdleBeginning() {
    Nanoseconds first = INT64_MAX;
    for (const ClientPlan& client : best_.clients) {
      for (const PlannedOperation& planned : client.operations) {
        first = std::min(first, planned.not_before);
      }
    }
    for (const PlannedFault& fault : best_.faults) {
      first = std::min(first, fault.start);
    }
    first = first / kMillisecond * kMillisecond;
    if (first == 0 || first == INT64_MAX / kMillisecond * kMillisecond) return;
    Recipe earlier = best_;
    for (ClientPlan& client : earlier.clients) {
      for (PlannedOperation& planned : client.operations) {
        planned.not_before -= first;
      }
    }
    for (PlannedFault& fault : earlier.faults) fault.start -= first;
    TrySmaller(std::move(earlier));
  }

  const targets::TargetInfo& target_;
  Recipe best_;
  Recipe origin_;  // with its times and its luck pinned
  const std::function<bool(const Recipe&)>& fails_;
  const ShrinkLimits& limits_;
  int other_seeds_ = 0;
  size_t tries_ = 0;
  targets::Random leaps_{0};
  bool is_over_ = false;
};

}  // namespace

Shrunk Shrink(const targets::TargetInfo& target, const Recipe& recipe,
              const std::function<bool(const Recipe&)>& fails,
              const ShrinkLimits& limits) {
  return Shrinker(target, recipe, fails, limits).Run();
}

}  // namespace minos::generators
