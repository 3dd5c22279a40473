#include "checker/open_values.h"

#include <algorithm>
#include <limits>

#include "checker/timeline.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoEvent = std::numeric_limits<uint32_t>::max();
constexpr uint32_t kNowhere = std::numeric_limits<uint32_t>::max();

}  // namespace

OpenValues::OpenValues(const SearchProblem& problem)
    : timeline_(problem.timeline),
      footprints_(problem.footprints),
      end_(problem.end),
      open_(problem.timeline) {
  is_applicable_ = Compile(problem);
  if (is_applicable_) FindMoments();
}

// `offsets` tells where the cells of an action begin, as long as they move.
void OpenValues::CompileAction(const Footprints& footprints, ActionId action,
                               std::vector<Program>& offsets) {
  const auto add = [&](const Footprints::Part& part) {
    const auto place = static_cast<uint32_t>(
        places_.try_emplace(part.place, places_.size()).first->second);
    cells_.push_back({part.id, place});
    place_of_[part.id] = place;
    return place < kMostPlaces ? 1u << place : 0;
  };
  Program& program = offsets[action];
  for (const auto& part : footprints.SeesOf(action)) {
    program.seen_places |= add(part);
  }
  for (const auto& part : footprints.SetsOf(action)) {
    program.set_places |= add(part);
  }
}

bool OpenValues::Compile(const SearchProblem& problem) {
  if (footprints_ == nullptr || !footprints_->has_places() ||
      footprints_->has_additions() || !footprints_->says_all() ||
      timeline_.slot_count() > SlotMask::kMostSlots) {
    return false;
  }
  place_of_.resize(footprints_->part_count());
  programs_.resize(footprints_->action_count());
  for (ActionId action = 0; action < programs_.size(); ++action) {
    CompileAction(*footprints_, action, programs_);
    if (places_.size() > kMostPlaces) return false;
  }
  size_t begin = 0;
  for (ActionId action = 0; action < programs_.size(); ++action) {
    const size_t sees = footprints_->SeesOf(action).size();
    const size_t sets = footprints_->SetsOf(action).size();
    programs_[action].sees = std::span(cells_).subspan(begin, sees);
    programs_[action].sets = std::span(cells_).subspan(begin + sees, sets);
    begin += sees + sets;
  }
  start_.resize(places_.size());
  const StateId initial = problem.model.InitialState();
  for (const auto& [raw, place] : places_) {
    const auto held = problem.model.Lookup(initial, raw);
    if (!held) return false;
    start_[place] = footprints_->Find(raw, *held).value_or(kNoPart);
  }
  return true;
}

void OpenValues::FindMoments() {
  const std::vector<SeenDuring> seers = FindSeersAndReturns();
  const size_t parts = place_of_.size();
  in_slot_.resize(timeline_.slot_count(), nullptr);
  seers_of_.resize(parts);
  bringers_of_.resize(parts);
  seers_in_.resize(places_.size());
  setters_in_.resize(places_.size());
  position_.resize(parts, kNowhere);
  bringers_called_.resize(parts, 0);
  seers_called_.resize(parts, 0);
  setters_called_.resize(places_.size(), 0);
  FindToggles(seers);
  bytes_ = cells_.capacity() * sizeof(Cell) +
           programs_.capacity() * sizeof(Program) +
           parts * (2 * sizeof(SlotMask) + 2 * sizeof(std::vector<uint32_t>)) +
           (toggles_.capacity() + toggles_begin_.capacity()) * 4;
  for (const auto& calls : seen_calls_) bytes_ += calls.capacity() * 4;
  for (const auto& returns : first_returns_) bytes_ += returns.capacity() * 4;
}

std::vector<OpenValues::SeenDuring> OpenValues::FindSeersAndReturns() {
  const size_t parts = place_of_.size();
  seen_calls_.resize(parts);
  first_returns_.resize(places_.size());
  std::vector<SeenDuring> seers(parts);
  for (uint32_t i = 0; i < timeline_.event_count(); ++i) {
    const TimelineEvent event = timeline_.event(i);
    if (event.type != TimelineEvent::Type::kCall) continue;
    const TimedOperation& operation = timeline_.operations()[event.subject];
    const Program& program = programs_[operation.action];
    for (const Cell& set : program.sets) {
      first_returns_[set.place].push_back(operation.return_event);
    }
    for (const Cell& seen : program.sees) {
      seen_calls_[seen.part].push_back(i);
      if (operation.return_event >= end_) continue;
      seers[seen.part].emplace_back(i, operation.return_event);
    }
  }
  for (std::vector<uint32_t>& returns : first_returns_) {
    returns.push_back(kNoEvent);
    for (size_t i = returns.size() - 1; i > 0; --i) {
      returns[i - 1] = std::min(returns[i - 1], returns[i]);
    }
  }
  is_seen_by_crashes_.resize(parts, false);
  for (const CrashKind& kind : timeline_.crashes()) {
    for (const Cell& seen : programs_[kind.action].sees) {
      is_seen_by_crashes_[seen.part] = true;
    }
  }
  return seers;
}

void OpenValues::FindToggles(std::span<const SeenDuring> seers) {
  std::vector<std::pair<uint32_t, PartId>> toggles;
  for (PartId part = 0; part < seers.size(); ++part) {
    FindNeeds(part, seers[part], toggles);
  }
  std::sort(toggles.begin(), toggles.end());
  toggles_begin_.assign(timeline_.event_count() + 1, 0);
  for (const auto& [event, part] : toggles) {
    toggles_.push_back(part);
    ++toggles_begin_[event + 1];
  }
  for (size_t i = 1; i < toggles_begin_.size(); ++i) {
    toggles_begin_[i] += toggles_begin_[i - 1];
  }
}

// Between two calls of operations that set `part`, it is needed up to the last
// call of one that sees it and returns before the second of them.
void OpenValues::FindNeeds(PartId part, const SeenDuring& seers,
                           std::vector<std::pair<uint32_t, PartId>>& toggles) {
  const auto setters = footprints_->CallsOf(part);
  size_t next = 0;
  uint32_t first = kNoEvent;
  uint32_t last = kNoEvent;
  const auto end_gap = [&] {
    if (last == kNoEvent) return;
    if (first == kNoEvent) {
      Toggle(part);
    } else {
      toggles.emplace_back(first, part);
    }
    toggles.emplace_back(last, part);
    last = kNoEvent;
  };
  for (const auto& [call, end] : seers) {
    while (next < setters.size() && setters[next] <= call) {
      end_gap();
      first = setters[next++];
    }
    // What sees and sets it is open from here on.
    if (call == first) continue;
    if (next == setters.size() || end < setters[next]) last = call;
  }
  end_gap();
}

void OpenValues::Toggle(PartId part) {
  uint32_t& position = position_[part];
  if (position == kNowhere) {
    position = static_cast<uint32_t>(needed_.size());
    needed_.push_back(part);
    return;
  }
  needed_[position] = needed_.back();
  position_[needed_.back()] = position;
  needed_.pop_back();
  position_[part] = kNowhere;
}

void OpenValues::ToggleAll(uint32_t event) {
  for (uint32_t i = toggles_begin_[event]; i < toggles_begin_[event + 1]; ++i) {
    Toggle(toggles_[i]);
  }
}

void OpenValues::Open(uint32_t slot) {
  const TimedOperation& operation = open_.InSlot(slot);
  const Program& program = programs_[operation.action];
  in_slot_[slot] = &program;
  (operation.is_read_only ? reads_ : updates_).Insert(slot);
  for (const Cell& set : program.sets) {
    bringers_of_[set.part].Insert(slot);
    setters_in_[set.place].Insert(slot);
  }
  for (const Cell& seen : program.sees) {
    seers_of_[seen.part].Insert(slot);
    seers_in_[seen.place].Insert(slot);
  }
  if (!program.sees.empty() && operation.return_event < end_) {
    seers_.Insert(slot);
  }
}

void OpenValues::Close(uint32_t slot) {
  const Program& program = InSlot(slot);
  reads_.Erase(slot);
  updates_.Erase(slot);
  seers_.Erase(slot);
  for (const Cell& set : program.sets) {
    bringers_of_[set.part].Erase(slot);
    setters_in_[set.place].Erase(slot);
  }
  for (const Cell& seen : program.sees) {
    seers_of_[seen.part].Erase(slot);
    seers_in_[seen.place].Erase(slot);
  }
}

// Adds `step` (modulo 2^32) to what is counted, for a call at `event`.
void OpenValues::Count(uint32_t event, uint32_t step) {
  const TimelineEvent called = timeline_.event(event);
  const bool is_crash = called.type == TimelineEvent::Type::kCrash;
  const Program& program =
      programs_[is_crash ? timeline_.crashes()[called.subject].action
                         : timeline_.operations()[called.subject].action];
  for (const Cell& set : program.sets) {
    bringers_called_[set.part] += step;
    if (!is_crash) setters_called_[set.place] += step;
  }
  if (is_crash) return;
  for (const Cell& seen : program.sees) seers_called_[seen.part] += step;
}

void OpenValues::Pass() {
  const uint32_t passed = open_.event();
  const TimelineEvent event = timeline_.event(passed);
  open_.Pass();
  ToggleAll(passed);
  if (event.type == TimelineEvent::Type::kReturn) {
    Close(timeline_.operations()[event.subject].slot);
    return;
  }
  Count(passed, 1);
  if (event.type == TimelineEvent::Type::kCall) {
    Open(timeline_.operations()[event.subject].slot);
  }
}

void OpenValues::RewindTo(uint32_t event) {
  while (open_.event() > event) {
    const uint32_t undone = open_.event() - 1;
    const TimelineEvent last = timeline_.event(undone);
    open_.RewindTo(undone);
    ToggleAll(undone);
    if (last.type == TimelineEvent::Type::kReturn) {
      Open(timeline_.operations()[last.subject].slot);
      continue;
    }
    Count(undone, 0u - 1);
    if (last.type == TimelineEvent::Type::kCall) {
      Close(timeline_.operations()[last.subject].slot);
    }
  }
}

SlotMask OpenValues::Unfit(std::span<const PartId> values) const {
  SlotMask unfit;
  for (size_t place = 0; place < values.size(); ++place) {
    const PartId held = values[place];
    unfit = unfit | (held == kNoPart ? seers_in_[place]
                                     : seers_in_[place] - seers_of_[held]);
  }
  return unfit;
}

SlotMask OpenValues::Noticed(std::span<const PartId> values) const {
  SlotMask noticed;
  for (size_t place = 0; place < values.size(); ++place) {
    const PartId held = values[place];
    if (held == kNoPart) continue;
    noticed = noticed | (setters_in_[place] - bringers_of_[held]);
  }
  return noticed;
}

bool OpenValues::IsCalledBefore(PartId part, uint32_t end) const {
  const auto calls = footprints_->CallsOf(part);
  const uint32_t called = bringers_called_[part];
  return called < calls.size() && calls[called] < end;
}

bool OpenValues::MayBeSeenLater(PartId part) const {
  if (is_seen_by_crashes_[part]) return true;
  const std::vector<uint32_t>& calls = seen_calls_[part];
  const uint32_t called = seers_called_[part];
  if (called == calls.size()) return false;
  const uint32_t place = place_of_[part];
  return calls[called] < first_returns_[place][setters_called_[place]];
}

}  // namespace minos::checker
