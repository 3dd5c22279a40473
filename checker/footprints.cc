#include "checker/footprints.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

namespace minos::checker {

namespace {

// By action: whether an operation of the timeline is that.
std::vector<bool> Occurring(const Timeline& timeline) {
  std::vector<bool> occurs;
  const auto note = [&](ActionId action) {
    if (action >= occurs.size()) occurs.resize(action + size_t{1}, false);
    occurs[action] = true;
  };
  for (const TimedOperation& operation : timeline.operations()) {
    note(operation.action);
  }
  for (const CrashKind& crash : timeline.crashes()) note(crash.action);
  return occurs;
}

bool IsOver(Budget* budget) {
  return budget != nullptr && budget->Exhausted().has_value();
}

}  // namespace

Footprints::Footprints(const Timeline& timeline, const SequentialModel& model,
                       Budget* budget) {
  const std::vector<bool> occurs = Occurring(timeline);
  ranges_.emplace_back();
  for (ActionId action = 0; action < occurs.size(); ++action) {
    if (IsOver(budget)) return;
    Footprint footprint;
    if (occurs[action] && model.FindFootprint(action, footprint)) {
      has_places_ = true;
      says_all_ = says_all_ && footprint.says_all;
    }
    Add(footprint);
  }
  if (!has_places_) return;
  absl::flat_hash_set<uint32_t> places;
  for (const auto& [part, id] : ids_) places.insert(part.first);
  place_count_ = places.size();
  FindCalls(timeline, budget);
  CountBytes();
}

void Footprints::FindCalls(const Timeline& timeline, Budget* budget) {
  calls_.resize(ids_.size());
  crashes_.resize(ids_.size());
  for (uint32_t i = 0; i < timeline.event_count(); ++i) {
    if (IsOver(budget)) return;
    const TimelineEvent event = timeline.event(i);
    if (event.type == TimelineEvent::Type::kReturn) continue;
    const ActionId action = event.type == TimelineEvent::Type::kCall
                                ? timeline.operations()[event.subject].action
                                : timeline.crashes()[event.subject].action;
    for (const Part& set : SetsOf(action)) calls_[set.id].push_back(i);
  }
  for (uint32_t kind = 0; kind < timeline.crashes().size(); ++kind) {
    for (const Part& set : SetsOf(timeline.crashes()[kind].action)) {
      crashes_[set.id].push_back(kind);
    }
  }
}

void Footprints::CountBytes() {
  bytes_ =
      (sees_.capacity() + sets_.capacity()) * sizeof(Part) +
      adds_.capacity() * sizeof(Addition) +
      ranges_.capacity() * sizeof(Offsets) +
      ids_.capacity() * (3 * sizeof(uint64_t) + 1) +
      (calls_.capacity() + crashes_.capacity()) * sizeof(std::vector<uint32_t>);
  for (const auto& calls : calls_) bytes_ += calls.capacity() * 4;
  for (const auto& kinds : crashes_) bytes_ += kinds.capacity() * 4;
}

Footprints::Part Footprints::PartOf(const Footprint::Part& part) {
  const auto id = ids_.try_emplace({part.place, part.value},
                                   static_cast<uint32_t>(ids_.size()));
  return {part.place, id.first->second, part.value};
}

// The footprint of the next action.
void Footprints::Add(const Footprint& footprint) {
  for (const auto& part : footprint.sees) sees_.push_back(PartOf(part));
  for (const auto& part : footprint.sets) sets_.push_back(PartOf(part));
  for (const auto& part : footprint.adds) {
    adds_.push_back({part.place, part.value});
  }
  ranges_.push_back({static_cast<uint32_t>(sees_.size()),
                     static_cast<uint32_t>(sets_.size()),
                     static_cast<uint32_t>(adds_.size())});
}

std::optional<uint32_t> Footprints::Find(uint32_t place, uint64_t value) const {
  const auto found = ids_.find({place, value});
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

bool Footprints::IsCalledBetween(uint32_t part, uint32_t begin,
                                 uint32_t end) const {
  const std::vector<uint32_t>& calls = calls_[part];
  const auto next = std::upper_bound(calls.begin(), calls.end(), begin);
  return next != calls.end() && *next < end;
}

}  // namespace minos::checker
